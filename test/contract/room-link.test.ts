import { RoomServiceClient } from 'livekit-server-sdk';
import { makeJoinRoom } from '../../src/adapters/livekit/join-room.ts';
import { httpUrl } from '../../src/adapters/livekit/options.ts';
import { openFakeRooms } from '../support/fake-room-link.ts';
import { openLiveKitPath } from '../support/livekit-path.ts';
import { livekitServer } from '../support/livekit-server.ts';
import { openVisitor } from '../support/livekit-visitor.ts';
import { describeRoomLink } from './room-link.ts';
import type { RoomWorld } from './room-link.ts';

describeRoomLink('LiveKit', async (): Promise<RoomWorld> => {
  const server = livekitServer();
  const api = new RoomServiceClient(httpUrl(server), server.apiKey, server.apiSecret);
  const path = await openLiveKitPath();
  return {
    join: makeJoinRoom({ ...path.server, gatherOnce: true, observe: () => undefined }),
    visit: (room, identity, name = identity) => openVisitor({ server, room, identity, name }),
    remove: (room) => api.removeParticipant(room, `bot-${room}`),
    deleteRoom: (room) => api.deleteRoom(room),
    cut: () => path.proxy.cut(),
    mend: () => path.proxy.heal(),
  };
});

describeRoomLink('the fake of the tests', (): RoomWorld => {
  const rooms = openFakeRooms();
  return {
    join: rooms.join,
    visit: (room, identity, name = identity) =>
      Promise.resolve(rooms.visit(room, { identity, name })),
    remove: (room) => Promise.resolve(rooms.end(room, 'removed')),
    deleteRoom: (room) => Promise.resolve(rooms.end(room, 'room-deleted')),
    cut: (room) => rooms.cut(room),
    mend: (room) => rooms.mend(room),
  };
});
