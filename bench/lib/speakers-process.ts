import '../../dev/quiet.ts';
import type { Room } from '@livekit/rtc-node';
import { mintGuestToken } from '../../dev/livekit/token.ts';
import { openLoudspeaker } from '../../dev/voice/loudspeaker.ts';
import { openMicrophone } from '../../dev/voice/microphone.ts';
import type { Microphone } from '../../dev/voice/microphone.ts';
import type { Tape } from '../../dev/voice/tape.ts';
import { silenceNativeLogs } from '../../src/adapters/livekit/native-logs.ts';
import { openEcho } from './echo.ts';
import { nowMs, report, serveErrands } from './errands.ts';
import type { Told } from './errands.ts';
import { connectGuest, leaveGuestRoom, LIVEKIT, makeGuestRoom } from './guest-room.ts';
import { recordedWords } from './recorded-words.ts';
import type { Heard, SpeakerErrand } from './speaker-protocol.ts';

// A process of people who speak recordings and hear by their loudspeakers, one a room.

interface Seat {
  readonly room: Room;
  readonly microphone?: Microphone;
}

/** Nobody plays it back. */
const NO_TAPE: Tape = { write: () => undefined, samples: () => new Int16Array(0) };

const seats = new Map<string, Seat>();

silenceNativeLogs(() => undefined);
serveErrands(async (errand: SpeakerErrand): Promise<Told> => {
  const at = nowMs();
  if (errand.do === 'say') return await say(errand.room, errand.recording);
  await carryOut(errand);
  return { at };
});

async function carryOut({ do: what, room }: SpeakerErrand): Promise<void> {
  if (what === 'enter') await enter(room);
  else if (what === 'echo') seats.set(room, { room: await openEcho(room) });
  else await leave(room);
}

async function enter(name: string): Promise<void> {
  const room = makeGuestRoom();
  const guest = { room: name, identity: 'ada', name: 'Ada' };
  await connectGuest(room, await mintGuestToken(LIVEKIT, guest));
  openLoudspeaker(room, NO_TAPE).onChange((isLoud, atMs) => {
    const heard: Heard = { what: 'heard', room: name, at: performance.timeOrigin + atMs, isLoud };
    report(heard);
  });
  seats.set(name, { room, microphone: await openMicrophone(room, NO_TAPE) });
}

/** Resolves with when its first sample with speech went out, and its last. */
async function say(name: string, id: string): Promise<Told> {
  const microphone = seats.get(name)?.microphone;
  if (microphone === undefined) throw new Error(`nobody is in ${name}`);
  const { fromMs, toMs } = await microphone.say(recordedWords(id));
  return { at: performance.timeOrigin + fromMs, until: performance.timeOrigin + toMs };
}

async function leave(name: string): Promise<void> {
  const seat = seats.get(name);
  seats.delete(name);
  await seat?.microphone?.[Symbol.asyncDispose]();
  if (seat !== undefined) await leaveGuestRoom(seat.room);
}
