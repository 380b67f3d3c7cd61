import '../../dev/quiet.ts';
import { RoomEvent } from '@livekit/rtc-node';
import type { Room } from '@livekit/rtc-node';
import { mintGuestToken } from '../../dev/livekit/token.ts';
import { openLoudspeaker } from '../../dev/voice/loudspeaker.ts';
import { openMicrophone } from '../../dev/voice/microphone.ts';
import type { Microphone } from '../../dev/voice/microphone.ts';
import type { Tape } from '../../dev/voice/tape.ts';
import { silenceNativeLogs } from '../../src/adapters/livekit/native-logs.ts';
import { nowMs, report, serveErrands } from './errands.ts';
import type { Told } from './errands.ts';
import type { GuestErrand, GuestSight } from './guest-protocol.ts';
import { connectGuest, leaveGuestRoom, LIVEKIT, makeGuestRoom } from './guest-room.ts';
import { recordedWords } from './recorded-words.ts';
import { watchBot } from './watch-bot.ts';

// A process of people who write, and where they have a microphone speak and listen, one a room.

interface Seat {
  readonly room: Room;
  readonly microphone: Microphone | undefined;
}

/** Nobody plays it back. */
const NO_TAPE: Tape = { write: () => undefined, samples: () => new Int16Array(0) };

const seats = new Map<string, Seat>();

silenceNativeLogs(() => undefined);
serveErrands(async (errand: GuestErrand): Promise<Told> => {
  const at = nowMs();
  if (errand.do === 'speak') return await speak(errand.room, errand.recording);
  await carryOut(errand);
  return { at };
});

async function carryOut(errand: Exclude<GuestErrand, { readonly do: 'speak' }>): Promise<void> {
  if (errand.do === 'enter') return await enter(errand.room, errand.hasMicrophone);
  if (errand.do === 'leave') return await leave(errand.room);
  const { localParticipant } = seatIn(errand.room).room;
  await localParticipant?.sendText(errand.text, { topic: 'lk.chat' });
}

async function enter(name: string, hasMicrophone: boolean): Promise<void> {
  const room = makeGuestRoom();
  watchBot(name, room, nowMs, see);
  const guest = { room: name, identity: 'ada', name: 'Ada' };
  await connectGuest(room, await mintGuestToken(LIVEKIT, guest));
  room.on(RoomEvent.Disconnected, () => {
    if (seats.has(name)) see({ what: 'cut', room: name, at: nowMs() });
  });
  seats.set(name, { room, microphone: hasMicrophone ? await openSound(name, room) : undefined });
}

async function openSound(name: string, room: Room): Promise<Microphone> {
  openLoudspeaker(room, NO_TAPE).onChange((isLoud, atMs) =>
    see({ what: 'heard', room: name, at: performance.timeOrigin + atMs, isLoud }),
  );
  return await openMicrophone(room, NO_TAPE);
}

/** Resolves with when its first sample with speech went out, and its last. */
async function speak(name: string, id: string): Promise<Told> {
  const { microphone } = seatIn(name);
  if (microphone === undefined) throw new Error(`the guest of ${name} has no microphone`);
  const { fromMs, toMs } = await microphone.say(recordedWords(id));
  return { at: performance.timeOrigin + fromMs, until: performance.timeOrigin + toMs };
}

async function leave(name: string): Promise<void> {
  const { room, microphone } = seatIn(name);
  seats.delete(name);
  await microphone?.[Symbol.asyncDispose]();
  await leaveGuestRoom(room);
}

function seatIn(name: string): Seat {
  const seat = seats.get(name);
  if (seat === undefined) throw new Error(`nobody is in ${name}`);
  return seat;
}

function see(sight: GuestSight): void {
  report(sight);
}
