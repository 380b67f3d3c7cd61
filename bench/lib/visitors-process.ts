import '../../dev/quiet.ts';
import { RoomEvent } from '@livekit/rtc-node';
import type { RemoteParticipant, Room } from '@livekit/rtc-node';
import { mintGuestToken } from '../../dev/livekit/token.ts';
import { silenceNativeLogs } from '../../src/adapters/livekit/native-logs.ts';
import { nowMs, report, serveErrands } from './errands.ts';
import { connectGuest, leaveGuestRoom, LIVEKIT, makeGuestRoom } from './guest-room.ts';
import type { Errand, Sight } from './visitor-protocol.ts';

// The process of all visitors of a bench: one guest a room, as cheap as rtc-node lets them be.

const rooms = new Map<string, Room>();

silenceNativeLogs(() => undefined);
serveErrands(async (errand: Errand) => {
  const at = nowMs();
  await carryOut(errand);
  return { at };
});

async function carryOut(errand: Errand): Promise<void> {
  if (errand.do === 'enter') return await enter(errand.room);
  const room = rooms.get(errand.room);
  if (errand.do === 'say') {
    return void (await room?.localParticipant?.sendText(errand.text, { topic: 'lk.chat' }));
  }
  rooms.delete(errand.room);
  if (room !== undefined) await leaveGuestRoom(room);
}

async function enter(name: string): Promise<void> {
  const room = makeGuestRoom();
  watchBot(name, room);
  room.registerTextStreamHandler('lk.chat', (reader) => {
    const tell = (text: string): void => see({ room: name, at: nowMs(), what: 'line', text });
    reader.readAll().then(tell, console.error);
  });
  const guest = { room: name, identity: 'ada', name: 'Ada' };
  await connectGuest(room, await mintGuestToken(LIVEKIT, guest));
  rooms.set(name, room);
}

/** Tells of each bot under the server's own id of it: a successor comes under the same identity. */
function watchBot(name: string, room: Room): void {
  const look = ({ sid = '' }: RemoteParticipant, state: string | undefined): void => {
    if (state !== undefined) see({ room: name, at: nowMs(), what: 'state', sid, state });
  };
  room.on(RoomEvent.ParticipantConnected, (bot) => look(bot, bot.attributes[STATE]));
  room.on(RoomEvent.ParticipantAttributesChanged, (changed, { identity }) => {
    const bot = room.remoteParticipants.get(identity);
    if (bot !== undefined) look(bot, changed[STATE]);
  });
  room.on(RoomEvent.ParticipantDisconnected, ({ sid = '' }) =>
    see({ room: name, at: nowMs(), what: 'gone', sid }),
  );
}

const STATE = 'lk.agent.state';

function see(sight: Sight): void {
  report(sight);
}
