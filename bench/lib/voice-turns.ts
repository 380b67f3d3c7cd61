import { setTimeout as sleep } from 'node:timers/promises';
import { ownShareMs } from './own-share.ts';
import type { Stages } from './stage-times.ts';
import type { VoiceScene } from './voice-scene.ts';

/** One turn as its speaker heard it, and as the bot took it. */
export interface VoiceTurn {
  /** From the last sample of speech to the first sound of the answer; undefined: there was none. */
  readonly heardMs: number | undefined;
  readonly stages: Stages | undefined;
  /** Our own share of it; undefined where the reply was a draft. */
  readonly ownMs: number | undefined;
}

/** Questions without a pause in the middle: each is one turn, and is finished by its mark. */
const QUESTIONS = [
  'weather-emma',
  'capital-oliver',
  'joke-sam',
  'pancakes-grace',
  'moon-oliver',
  'time-oliver',
  'sunday-emma',
  'cheapest-grace',
  'weather-sam',
  'story-emma',
] as const;

/** What is answered to them: a short sentence, and another one that names the room. */
export function shortAnswer(room: string): { readonly reply: string } {
  return { reply: `Sure, I can do that. See ${room}.` };
}

const ANSWER_LIMIT_MS = 8_000;
const END_LIMIT_MS = 20_000;
/** Silence between an answer and the next question, at least, and spread over as much again. */
const PAUSE_MS = 400;

/** The `n`-th question that is asked in some room. */
export function questionAt(n: number): string {
  return QUESTIONS[n % QUESTIONS.length] ?? QUESTIONS[0];
}

/** Asks in this room, and listens to the answer's end. */
export async function takeTurn(
  scene: VoiceScene,
  room: string,
  question: string,
): Promise<VoiceTurn> {
  const { speakers, sounds, stageTimes } = scene;
  const before = stageTimes.count(room);
  const said = await speakers.say(room, question);
  // Whoever answers in the middle of a question has not heard it: that is a negative time.
  const heardAt = await sounds.next(room, 'loud', said.from, ANSWER_LIMIT_MS);
  const heardMs = heardAt === undefined ? undefined : heardAt - said.to;
  const stages =
    heardAt === undefined ? undefined : await stageTimes.of(room, before, END_LIMIT_MS);
  await sleep(PAUSE_MS * (1 + Math.random()));
  return { heardMs, stages, ownMs: stages && ownShareMs(scene.stack, room, stages) };
}

/** Speaks to an echo; from the first sample of speech to the first sound that comes back. */
export async function hearEcho(
  { speakers, sounds }: Pick<VoiceScene, 'speakers' | 'sounds'>,
  room: string,
  question: string,
): Promise<number | undefined> {
  const said = await speakers.say(room, question);
  const heardAt = await sounds.next(room, 'loud', said.from, ANSWER_LIMIT_MS);
  await sounds.next(room, 'quiet', said.to, ANSWER_LIMIT_MS);
  await sleep(PAUSE_MS * (1 + Math.random()));
  return heardAt === undefined ? undefined : heardAt - said.from;
}
