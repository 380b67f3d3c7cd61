import { ContinualGatheringPolicy, IceTransportType, Room } from '@livekit/rtc-node';
import type { LiveKitAddress } from '../../dev/livekit/server.ts';
import { guardRoomEvents, releaseRoom } from '../../src/adapters/livekit/room-events.ts';

/** The server's key, by the environment that leads there. */
export const LIVEKIT: Pick<LiveKitAddress, 'url' | 'apiKey' | 'apiSecret'> = {
  url: process.env['LIVEKIT_URL'] ?? '',
  apiKey: process.env['LIVEKIT_API_KEY'] ?? '',
  apiSecret: process.env['LIVEKIT_API_SECRET'] ?? '',
};

/** A room that is still to be connected, as cheap as rtc-node lets it be. */
export function makeGuestRoom(): Room {
  const room = new Room();
  guardRoomEvents(room, console.error);
  return room;
}

/** Enters; nothing is subscribed that nobody asks for. */
export async function connectGuest(room: Room, token: string): Promise<void> {
  await room.connect(LIVEKIT.url, token, {
    autoSubscribe: false,
    dynacast: false,
    rtcConfig: {
      iceTransportType: IceTransportType.TRANSPORT_ALL,
      continualGatheringPolicy: ContinualGatheringPolicy.GATHER_ONCE,
      iceServers: [],
    },
  });
}

/** Leaves for good. */
export async function leaveGuestRoom(room: Room): Promise<void> {
  await room.disconnect();
  releaseRoom(room);
}
