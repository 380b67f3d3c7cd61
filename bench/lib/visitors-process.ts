import '../../dev/quiet.ts';
import type { Room } from '@livekit/rtc-node';
import { mintGuestToken } from '../../dev/livekit/token.ts';
import { silenceNativeLogs } from '../../src/adapters/livekit/native-logs.ts';
import { nowMs, report, serveErrands } from './errands.ts';
import { connectGuest, leaveGuestRoom, LIVEKIT, makeGuestRoom } from './guest-room.ts';
import type { Errand, Sight } from './visitor-protocol.ts';
import { watchBot } from './watch-bot.ts';

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
  watchBot(name, room, nowMs, see);
  const guest = { room: name, identity: 'ada', name: 'Ada' };
  await connectGuest(room, await mintGuestToken(LIVEKIT, guest));
  rooms.set(name, room);
}

function see(sight: Sight): void {
  report(sight);
}
