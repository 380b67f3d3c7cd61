import { RoomEvent } from '@livekit/rtc-node';
import type { Room } from '@livekit/rtc-node';
import { NATIVE_EVENT, nativeClient } from './native-logs.ts';

/**
 * Gives a room its own events of the native library, and only those; call it before `connect`.
 *
 * - rtc-node offers every event of the process to every Room, which takes a lock for each before it
 *   finds that most are not its own. Here one listener finds the room: a reply in one of 300 rooms
 *   costs the others nothing.
 * - An exception in a Room's handler becomes a rejection that nobody awaits, which would end the
 *   process and all other rooms with it. Here it goes to `onError`.
 */
export function guardRoomEvents(room: Room, onError: (error: unknown) => void): void {
  const inside = insideOf(room);
  const handle = inside.onFfiEvent;
  // `connect` listens with it to everything; the library holds back a room's events until then.
  inside.onFfiEvent = ignore;
  room.once(RoomEvent.ConnectionStateChanged, () => {
    nativeClient()?.off(NATIVE_EVENT, ignore);
    if (rooms.size === 0) nativeClient()?.on(NATIVE_EVENT, route);
    rooms.set(inside.ffiHandle?.handle, async (event) => {
      try {
        await handle(event);
      } catch (error) {
        onError(error);
      }
    });
  });
}

/**
 * Lets go of a room that is over, whoever ended it; harmless when repeated. rtc-node forgets its
 * listener after a disconnect that the server began, and leaves the native room, connections and
 * all, to the garbage collector, which has no idea of their size.
 */
export function releaseRoom(room: Room): void {
  const { ffiHandle } = insideOf(room);
  if (ffiHandle === undefined || !rooms.delete(ffiHandle.handle)) return;
  if (rooms.size === 0) nativeClient()?.off(NATIVE_EVENT, route);
  room.removeAllListeners();
  for (const person of [room.localParticipant, ...room.remoteParticipants.values()])
    (person as Handled | undefined)?.ffi_handle.dispose();
  ffiHandle.dispose();
}

/** The rooms that are connected, by their native handles. */
const rooms = new Map<bigint | undefined, (event: NativeEvent) => unknown>();

function route(event: NativeEvent): void {
  if (event.message.case === 'roomEvent') rooms.get(event.message.value?.roomHandle)?.(event);
}

function ignore(): void {}

/** What rtc-node 1.1.0 keeps to itself; a test fails when it changes. */
interface Inside {
  onFfiEvent: (event: NativeEvent) => unknown;
  readonly ffiHandle?: NativeHandle;
}

interface Handled {
  readonly ffi_handle: NativeHandle;
}

interface NativeHandle {
  readonly handle: bigint;
  dispose(): void;
}

interface NativeEvent {
  readonly message: { readonly case?: string; readonly value?: { readonly roomHandle?: bigint } };
}

function insideOf(room: Room): Inside {
  return room as unknown as Inside;
}
