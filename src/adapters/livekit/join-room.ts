import { ContinualGatheringPolicy, IceServer, IceTransportType, Room } from '@livekit/rtc-node';
import type { RoomOptions } from '@livekit/rtc-node';
import { systemClock } from '../../lib/clock.ts';
import { withDeadline } from '../../lib/deadline.ts';
import type { JoinRoom } from '../../ports/room-link.ts';
import { MAX_CHAT_BYTES } from './chat-wires.ts';
import { toTroupeError } from './errors.ts';
import { leaveRoom } from './leave-room.ts';
import { openLink } from './link.ts';
import { silenceNativeLogs } from './native-logs.ts';
import { websocketUrl } from './options.ts';
import type { LiveKitOptions } from './options.ts';
import { mintToken } from './token.ts';

/** Makes the way into the rooms of one LiveKit server. */
export function makeJoinRoom(options: LiveKitOptions): JoinRoom {
  const { connectTimeoutMs = 10_000, observe } = options;
  return async (request, listen, signal) => {
    if (options.nativeLogs !== true) silenceNativeLogs(observe);
    const token = await mintToken(options, request, connectTimeoutMs + TOKEN_MARGIN_MS);
    signal.throwIfAborted();
    const room = new Room();
    // Before connect: what happens while we enter must find its listeners.
    const link = openLink(room, options, listen);
    const connecting = room.connect(websocketUrl(options), token, roomOptions(options));
    try {
      await withDeadline(systemClock, connectTimeoutMs, () => connecting, signal);
      return link;
    } catch (error) {
      link.close();
      void abandon(room, connecting);
      throw signal.aborted ? signal.reason : toTroupeError('joining', error);
    }
  };
}

/** A token may be used a little later than it was asked for. */
const TOKEN_MARGIN_MS = 5_000;

/**
 * A connect cannot be called off; if it comes through after all, we are gone again at once. For a
 * moment it has evicted whoever is our room's bot by then, so the native library is let to give up
 * by itself where it can: it does so within 25 s.
 */
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
