import { randomUUID } from 'node:crypto';
import { RoomServiceClient } from 'livekit-server-sdk';
import { expect, it, onTestFinished, vi } from 'vitest';
import { makeJoinRoom } from '../../../src/adapters/livekit/join-room.ts';
import { makeListenAhead } from '../../../src/adapters/livekit/listen-ahead.ts';
import { httpUrl } from '../../../src/adapters/livekit/options.ts';
import { botIdentity } from '../../../src/adapters/livekit/token.ts';
import type { RoomLink } from '../../../src/ports/room-link.ts';
import { eventually } from '../../support/eventually.ts';
import { enterAsBot } from '../../support/livekit-link.ts';
import { livekitServer } from '../../support/livekit-server.ts';
import { openVisitor } from '../../support/livekit-visitor.ts';
import { openSoundRecorder } from '../../support/sound-recorder.ts';
import type { Recording, SoundRecorder } from '../../support/sound-recorder.ts';
import { makeSweep, pitchOf } from '../../support/tones.ts';

const NEVER = new AbortController().signal;
/** What rises by so much in a second tells by its pitch when it was said. */
const RISE_HZ = 600;
const SECONDS = 10;

async function visit(room: string) {
  const visitor = await openVisitor({ server: livekitServer(), room, identity: 'anna' });
  onTestFinished(() => visitor[Symbol.asyncDispose]());
  return visitor;
}

async function relieve(room: string, relieving: () => Promise<void>): Promise<RoomLink> {
  const options = { ...livekitServer(), gatherOnce: true, observe: () => undefined };
  const request = { room, name: 'Cleo', relieving };
  const link = await makeJoinRoom(options)(request, () => undefined, NEVER);
  onTestFinished(() => link[Symbol.asyncDispose]());
  return link;
}

function pitches({ frames }: Recording): readonly number[] {
  return frames.flatMap((frame) => pitchOf(frame, 16_000) ?? []);
}

async function hears(ears: SoundRecorder, recording: Recording, frames: number): Promise<void> {
  await ears.until(`${frames} frames`, () => pitches(recording).length >= frames);
}

async function whoIsIn(room: string): Promise<readonly string[]> {
  const server = livekitServer();
  const api = new RoomServiceClient(httpUrl(server), server.apiKey, server.apiSecret);
  return (await api.listParticipants(room)).map(({ identity }) => identity).toSorted();
}

it(
  'hears a speaker on from where the bot that is relieved stops',
  { timeout: 60_000 },
  async () => {
    const room = `relief ${randomUUID()}`;
    const [anna, old] = [await visit(room), await enterAsBot(livekitServer(), room)];
    const [oldEars, ears] = [openSoundRecorder(), openSoundRecorder()];
    old.link.hear(oldEars.open);
    const microphone = await anna.publishMicrophone();
    const former = await oldEars.opened();
    void microphone.play(makeSweep(300, 300 + SECONDS * RISE_HZ, SECONDS * 1_000, 16_000));
    await hears(oldEars, former, 10);

    const told = vi.fn(() => Promise.resolve(expect(former.told).toEqual([])));
    const link = await relieve(room, told);
    expect(told).toHaveBeenCalledOnce();
    link.hear(ears.open);
    const recording = await ears.opened();
    await oldEars.tells(former, 'closed');
    await hears(ears, recording, 30);
    const [stopped = 0, began = Infinity] = [pitches(former).at(-1), pitches(recording)[0]];
    // Pitches are told apart in steps of 31 Hz, which rise in 52 ms.
    expect((began - stopped) / RISE_HZ, 'seconds that nobody heard').toBeLessThan(0.1);
    expect(recording.microphone).toMatchObject({ person: { identity: 'anna' }, muted: false });

    // The hidden one is gone once the bot hears by itself, and the ear has noticed nothing.
    const others = ['anna', botIdentity(room)].join();
    await eventually('the hidden one to go', async () => (await whoIsIn(room)).join() === others);
    const count = pitches(recording).length;
    await hears(ears, recording, count + 10);
    expect(ears.recordings).toHaveLength(1);
    expect(recording.told).toEqual([]);
  },
);

it('hears four rooms at once, and no fifth', async () => {
  const listenAhead = makeListenAhead({ ...livekitServer(), gatherOnce: true, observe: vi.fn() });
  const rooms = Array.from({ length: 5 }, () => `many ${randomUUID()}`);
  const listening = await Promise.all(rooms.map((room) => listenAhead(room, NEVER)));
  expect(listening.map((one) => one !== undefined)).toEqual([true, true, true, true, false]);
  listening[0]?.[Symbol.dispose]();
  const next = await listenAhead(rooms[4]!, NEVER);
  expect(next).toBeDefined();
  for (const one of [...listening, next]) one?.[Symbol.dispose]();
});
