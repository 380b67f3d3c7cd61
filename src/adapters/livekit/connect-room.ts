import { ContinualGatheringPolicy, IceServer, IceTransportType } from '@livekit/rtc-node';
import type { Room, RoomOptions } from '@livekit/rtc-node';
import { systemClock } from '../../lib/clock.ts';
import { withDeadline } from '../../lib/deadline.ts';
import { MAX_CHAT_BYTES } from './chat-wires.ts';
import { leaveRoom } from './leave-room.ts';
import { websocketUrl } from './options.ts';
import type { LiveKitOptions } from './options.ts';

/** How a token gets its bearer into a room. */
export interface Connect {
  readonly token: string;
  readonly limitMs: number;
}

/**
 * Connects a room that has its listeners. A connect cannot be called off: one that comes through too
 * late is left again at once. For a moment it has evicted whoever is our room's bot by then, so the
 * native library is let to give up by itself where it can: it does so within 25 s.
 * @throws DeadlineExceeded, the signal's reason, or whatever the native library says.
 */
export async function connectRoom(
  options: LiveKitOptions,
  room: Room,
  { token, limitMs }: Connect,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const connecting = room.connect(websocketUrl(options), token, roomOptions(options));
  try {
    await withDeadline(systemClock, limitMs, () => connecting, signal);
  } catch (error) {
    void abandon(room, connecting);
    throw error;
  }
}

async function abandon(room: Room, connecting: Promise<void>): Promise<void> {
  await connecting.catch(() => undefined);
  await leaveRoom(room, systemClock);
}

function roomOptions({ gatherOnce, iceServers }: LiveKitOptions): RoomOptions {
  const network = gatherOnce === true || iceServers !== undefined;
  return {
    // Only microphones are listened to, and those only where somebody hears.
    autoSubscribe: false,
    dynacast: false,
    ...UNTYPED,
    dataStream: { maxPayloadByteLength: MAX_CHAT_BYTES },
    ...(network && {
      rtcConfig: {
        iceTransportType: IceTransportType.TRANSPORT_ALL,
        continualGatheringPolicy:
          gatherOnce === true
            ? ContinualGatheringPolicy.GATHER_ONCE
            : ContinualGatheringPolicy.GATHER_CONTINUALLY,
        iceServers: iceServers?.length ? [new IceServer({ urls: [...iceServers] })] : [],
      },
    }),
  };
}

/**
 * What the native library knows and the type does not. Trying again is our caller's. With one
 * connection for both directions, its default, it searches the tracks of all rooms that the process
 * ever had at each join: at 300 rooms a join took twice as long as with two (P95 1544 and 731 ms).
 */
const UNTYPED = { joinRetries: 0, singlePeerConnection: false };
