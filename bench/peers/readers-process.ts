import '../../dev/quiet.ts';
import type { Room } from '@livekit/rtc-node';
import { mintGuestToken } from '../../dev/livekit/token.ts';
import { silenceNativeLogs } from '../../src/adapters/livekit/native-logs.ts';
import { nowMs, report, serveErrands } from '../lib/errands.ts';
import { connectGuest, leaveGuestRoom, LIVEKIT, makeGuestRoom } from '../lib/guest-room.ts';
import type { Errand } from '../lib/visitor-protocol.ts';
import type { Read } from './readers.ts';

// A process of people who write, and read what bots write: one a room.

/** An answer counts on whichever of them its first words come. */
const TOPICS = ['lk.chat', 'lk.transcription'];

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
  if (room === undefined) throw new Error(`nobody is in ${errand.room}`);
  if (errand.do === 'say') {
    return void (await room.localParticipant?.sendText(errand.text, { topic: 'lk.chat' }));
  }
  rooms.delete(errand.room);
  await leaveGuestRoom(room);
}

async function enter(name: string): Promise<void> {
  const room = makeGuestRoom();
  for (const topic of TOPICS) {
    room.registerTextStreamHandler(topic, (reader) => {
      read(name, reader).catch(console.error);
    });
  }
  const guest = { room: name, identity: 'ada', name: 'Ada' };
  await connectGuest(room, await mintGuestToken(LIVEKIT, guest));
  rooms.set(name, room);
}

/** Tells of each piece with text in it, as soon as it is there: some bots write token by token. */
async function read(room: string, pieces: AsyncIterable<string>): Promise<void> {
  for await (const piece of pieces) {
    const seen: Read = { what: 'read', room, at: nowMs() };
    if (piece.trim() !== '') report(seen);
  }
}
