import { setTimeout as sleep } from 'node:timers/promises';
import { RECORDINGS } from '../../dev/speech/catalog.ts';
import type { RecordingKind } from '../../dev/speech/catalog.ts';
import type { VoiceScene } from './voice-scene.ts';

/** What came of a noise: nothing, a hold after which the bot went on, or the end of what it said. */
export type NoiseOutcome = 'unheard' | 'held' | 'interrupted';

/** What came of speech: how long the bot was still heard, or undefined: it was not interrupted. */
export interface Interruption {
  readonly recording: string;
  readonly silenceMs: number | undefined;
}

/** One sentence of a minute, without a mark at which a voice would pause; its end is not waited for. */
export const LONG_ANSWER = {
  reply:
    'Once upon a time there was ' +
    Array.from({ length: 24 }, () => 'a little boat that sailed over the wide sea and found').join(
      ' ',
    ) +
    ' its way home.',
  pace: { firstTokenMs: 200, perTokenMs: 0 },
};

/** An answer to what was said last begins sooner. */
const START_LIMIT_MS = 4_000;
/** The bot has been heard for so long when somebody interrupts, and up to as much longer. */
const LEAD_MS = 700;
/** A hold ends within 2 s, and its reply goes on. */
const HOLD_LIMIT_MS = 2_600;
const SILENCE_LIMIT_MS = 3_000;

/** Sounds that are to leave the bot talking: coughs, knocks, music, and signs of attention. */
export const NOISES = idsOf(['noise', 'backchannel']);
/** Speech that is to make it stop. */
export const INTERRUPTIONS = idsOf(['interruption']);

/** Makes a noise while the bot speaks. */
export async function makeNoise(
  scene: VoiceScene,
  room: string,
  noise: string,
): Promise<NoiseOutcome> {
  await untilSpeaking(scene, room);
  const { speakers, sounds, stageTimes } = scene;
  const before = stageTimes.count(room);
  const said = await speakers.say(room, noise);
  const quietAt = await sounds.next(room, 'quiet', said.from, HOLD_LIMIT_MS);
  const backAt = quietAt && (await sounds.next(room, 'loud', quietAt, HOLD_LIMIT_MS));
  if (stageTimes.count(room) > before) return 'interrupted';
  if (quietAt === undefined) return 'unheard';
  return backAt === undefined ? 'interrupted' : 'held';
}

/** Speaks while the bot does. One that only holds its reply, and goes on, was not interrupted. */
export async function interrupt(
  scene: VoiceScene,
  room: string,
  recording: string,
): Promise<Interruption> {
  await untilSpeaking(scene, room);
  const { speakers, sounds, stageTimes } = scene;
  const before = stageTimes.count(room);
  const said = await speakers.say(room, recording);
  const quietAt = await sounds.next(room, 'quiet', said.from, SILENCE_LIMIT_MS);
  const ended = await stageTimes.of(room, before, SILENCE_LIMIT_MS);
  const isMissed = quietAt === undefined || ended === undefined;
  return { recording, silenceMs: isMissed ? undefined : quietAt - said.from };
}

/**
 * Until the bot has been heard for a moment. It is asked for a story if it has nothing to say.
 * @throws Error when it does not speak all the same.
 */
async function untilSpeaking({ sounds, speakers }: VoiceScene, room: string): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    if (!sounds.isLoud(room)) {
      const now = performance.timeOrigin + performance.now();
      const loudAt = await sounds.next(room, 'loud', now, START_LIMIT_MS);
      if (loudAt === undefined) await speakers.say(room, 'story-emma');
    }
    await sleep(LEAD_MS * (1 + Math.random()));
    if (sounds.isLoud(room)) return;
  }
  throw new Error(`the bot of ${room} does not speak`);
}

const ATTEMPTS = 5;

function idsOf(kinds: readonly RecordingKind[]): readonly string[] {
  return RECORDINGS.filter(({ kind }) => kinds.includes(kind)).map(({ id }) => id);
}
