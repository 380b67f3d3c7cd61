import { makeJoinRoom } from '../../src/adapters/livekit/join-room.ts';
import { openFakeRooms } from '../support/fake-room-link.ts';
import { openLiveKitPath } from '../support/livekit-path.ts';
import { livekitServer } from '../support/livekit-server.ts';
import { openVisitor } from '../support/livekit-visitor.ts';
import { describeHearing } from './room-sound-hearing.ts';
import { describeVoice } from './room-sound-voice.ts';
import type { SoundWorld } from './room-sound-world.ts';

describeHearing('LiveKit', openLiveKit);
describeVoice('LiveKit', openLiveKit);
describeHearing('the fake of the tests', openFake);
describeVoice('the fake of the tests', openFake);

async function openLiveKit(): Promise<SoundWorld> {
  const server = livekitServer();
  const path = await openLiveKitPath();
  return {
    join: makeJoinRoom({ ...path.server, gatherOnce: true, observe: () => undefined }),
    visit: (room, identity, kind) =>
      openVisitor({ server, room, identity, ...(kind === 'bot' && { kind: 'agent' }) }),
    cut: () => path.proxy.cut(),
    mend: () => path.proxy.heal(),
  };
}

function openFake(): SoundWorld {
  const rooms = openFakeRooms();
  return {
    join: rooms.join,
    visit: (room, identity, kind) => Promise.resolve(rooms.visit(room, { identity, kind })),
    cut: (room) => rooms.cut(room),
    mend: (room) => rooms.mend(room),
  };
}
