import '../../dev/quiet.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { RoomEvent } from '@livekit/rtc-node';
import type { Room } from '@livekit/rtc-node';
import { mintGuestToken } from '../../dev/livekit/token.ts';
import { readSamples, recordingOf } from '../../dev/speech/catalog.ts';
import { openLoudspeaker } from '../../dev/voice/loudspeaker.ts';
import { openMicrophone } from '../../dev/voice/microphone.ts';
import type { Microphone } from '../../dev/voice/microphone.ts';
import type { Tape } from '../../dev/voice/tape.ts';
import { silenceNativeLogs } from '../../src/adapters/livekit/native-logs.ts';
import { nowMs, report, serveErrands } from '../lib/errands.ts';
import type { Told } from '../lib/errands.ts';
import { connectGuest, leaveGuestRoom, LIVEKIT, makeGuestRoom } from '../lib/guest-room.ts';
import type { GuestErrand, GuestSight } from './guest-protocol.ts';

// A process of visitors, one a room, who come back by themselves when the server throws them out.

interface Guest {
  readonly name: string;
  readonly speaks: boolean;
  room: Room | undefined;
  microphone: Microphone | undefined;
  gone: boolean;
}

/** Whether a bot is heard, not when to the frame. */
const HEARD_EVERY_MS = 100;
/** Nobody plays it back. */
const NO_TAPE: Tape = { write: () => undefined, samples: () => new Int16Array(0) };
/** From one try to come back to the next. */
const AGAIN_MS = 700;
const CONNECT_LIMIT_MS = 8_000;

const guests = new Map<string, Guest>();

silenceNativeLogs(() => undefined);
serveErrands(async (errand: GuestErrand): Promise<Told> => {
  const at = nowMs();
  await carryOut(errand);
  return { at };
});

async function carryOut(errand: GuestErrand): Promise<void> {
  const guest = guests.get(errand.room);
  if (errand.do === 'enter') return enter(errand.room, errand.speaks);
  if (guest === undefined) throw new Error(`nobody is in ${errand.room}`);
  if (errand.do === 'leave') return await leave(guest);
  if (guest.room?.isConnected !== true) throw new Error(`thrown out of ${errand.room}`);
  if (errand.do === 'say') {
    return void (await guest.room.localParticipant?.sendText(errand.text, { topic: 'lk.chat' }));
  }
  await guest.microphone?.say(readSamples(recordingOf(errand.recording)));
}

function enter(name: string, speaks: boolean): void {
  const guest: Guest = { name, speaks, room: undefined, microphone: undefined, gone: false };
  guests.set(name, guest);
  void keepSeated(guest);
}

/** Connects, and again whenever the connection is lost for good, until the guest leaves. */
async function keepSeated(guest: Guest): Promise<void> {
  for (let turn = 0; !guest.gone; turn += 1) {
    try {
      await sit(guest, turn > 0);
    } catch {
      await sleep(AGAIN_MS);
    }
  }
}

/** Resolves when the connection is lost. */
async function sit(guest: Guest, again: boolean): Promise<void> {
  const room = makeGuestRoom();
  const lost = new Promise<void>((resolve) => {
    room.once(RoomEvent.Disconnected, () => resolve());
  });
  listen(guest.name, room);
  try {
    const token = await mintGuestToken(LIVEKIT, {
      room: guest.name,
      identity: 'ada',
      name: 'Ada',
    });
    await within(connectGuest(room, token), CONNECT_LIMIT_MS);
    if (guest.speaks) hear(guest.name, room);
    if (guest.speaks)
      guest.microphone = await within(openMicrophone(room, NO_TAPE), CONNECT_LIMIT_MS);
    guest.room = room;
    if (guest.gone) return;
    see({ what: 'seat', room: guest.name, at: nowMs(), here: true, again });
    await lost;
  } finally {
    if (guest.room === room)
      see({ what: 'seat', room: guest.name, at: nowMs(), here: false, again });
    guest.room = undefined;
    await putAway(guest.microphone);
    guest.microphone = undefined;
    await leaveGuestRoom(room).catch(() => undefined);
  }
}

/** A microphone whose room is gone may not close in order. */
async function putAway(microphone: Microphone | undefined): Promise<void> {
  try {
    await microphone?.[Symbol.asyncDispose]();
  } catch {
    // It is closed all the same.
  }
}

function listen(name: string, room: Room): void {
  room.registerTextStreamHandler('lk.chat', (reader, { identity }) => {
    const sid = room.remoteParticipants.get(identity)?.sid ?? '';
    if (!identity.startsWith('bot-')) return;
    reader.readAll().then(
      (text) => see({ what: 'line', room: name, at: nowMs(), sid, text }),
      () => undefined,
    );
  });
}

/** Who hears a bot speak does not wait for its written words: it interrupts itself who asks again. */
function hear(name: string, room: Room): void {
  openLoudspeaker(room, NO_TAPE, HEARD_EVERY_MS).onChange((isLoud) => {
    if (isLoud) see({ what: 'line', room: name, at: nowMs(), sid: '', text: '' });
  });
}

async function leave(guest: Guest): Promise<void> {
  guest.gone = true;
  guests.delete(guest.name);
  await guest.room?.disconnect();
}

async function within<T>(work: Promise<T>, limitMs: number): Promise<T> {
  const late = sleep(limitMs, undefined, { ref: false }).then(() => {
    throw new Error(`not done within ${limitMs} ms`);
  });
  return await Promise.race([work, late]);
}

function see(sight: GuestSight): void {
  report(sight);
}
