import type { Room } from '@livekit/rtc-node';
import { NATIVE_EVENT, nativeClient } from './native-logs.ts';

/**
 * Stands between the native library's events and a room; call it before `connect`.
 *
 * - Every event of the process is offered to every Room, which takes a lock for each before it finds
 *   that most are not its own. Those go no further here: a reply in one of 300 rooms costs the
 *   others nothing.
 * - An exception in a Room's handler becomes a rejection that nobody awaits, which would end the
 *   process and all other rooms with it. Here it goes to `onError`.
 */
export function guardRoomEvents(room: Room, onError: (error: unknown) => void): void {
  const inside = insideOf(room);
  const handle = inside.onFfiEvent;
  inside.onFfiEvent = async (event) => {
    if (!concerns(inside, event)) return;
    try {
      await handle(event);
    } catch (error) {
      onError(error);
    }
  };
}

/**
 * Takes a room off the native library's events. rtc-node forgets that after a disconnect that the
 * server began: the Room, its handles and a call per event would stay for the life of the process.
 */
export function releaseRoom(room: Room): void {
  nativeClient()?.off(NATIVE_EVENT, insideOf(room).onFfiEvent);
  room.removeAllListeners();
}

/** What rtc-node 1.1.0 keeps private; a test fails when it changes. */
interface Inside {
  onFfiEvent: (event: NativeEvent) => unknown;
  readonly ffiHandle?: { readonly handle: bigint };
}

interface NativeEvent {
  readonly message: {
    readonly case?: string;
    readonly value?: { readonly roomHandle?: bigint };
  };
}

function insideOf(room: Room): Inside {
  return room as unknown as Inside;
}

function concerns({ ffiHandle }: Inside, { message }: NativeEvent): boolean {
  if (message.case === 'rpcMethodInvocation') return true;
  if (message.case !== 'roomEvent') return false;
  return ffiHandle === undefined || message.value?.roomHandle === ffiHandle.handle;
}
