import { setTimeout as sleep } from 'node:timers/promises';
import { recordingOf } from '../../dev/speech/catalog.ts';
import type { GuestSight } from './guest-protocol.ts';
import type { MixedScene, TalkMode } from './mixed-scene.ts';
import { questionText } from './questions.ts';
import { isLine, isLoud, isQuiet } from './sight-book.ts';
import { questionAt } from './voice-turns.ts';

/** Something that a guest asked: a line that names its question, or a recording. */
export type Asked = { readonly answered: boolean } & (
  | { readonly how: 'written'; readonly question: string }
  | { readonly how: 'spoken'; readonly words: string }
);

/** In a voice room every so-manieth turn is written. */
const WRITTEN_EVERY = 4;
/** How long a guest waits for an answer to begin before it says something else. */
const ANSWER_LIMIT_MS = 8_000;
const END_LIMIT_MS = 20_000;
/** Between an answer and the next question, at least, and spread over as much again. */
const PAUSE_MS = { text: 1_200, voice: 500 };

/** Has the guest of a room ask one question after the other until `over` aborts. Never rejects. */
export async function keepTalking(
  scene: MixedScene,
  room: string,
  mode: TalkMode,
  over: AbortSignal,
  answerLimitMs = ANSWER_LIMIT_MS,
): Promise<readonly Asked[]> {
  const asked: Asked[] = [];
  for (let turn = 1; !over.aborted; turn += 1) {
    const isWritten = mode === 'text' || turn % WRITTEN_EVERY === 0;
    asked.push(
      isWritten
        ? await write({ ...scene, answerLimitMs }, room, turn, mode)
        : await speak({ ...scene, answerLimitMs }, room, turn),
    );
    const pauseMs = PAUSE_MS[mode] * (1 + Math.random());
    await sleep(pauseMs, undefined, { signal: over }).catch(() => undefined);
  }
  return asked;
}

type Talking = Pick<MixedScene, 'guests' | 'sights'> & { readonly answerLimitMs: number };

async function write(
  { guests, sights, answerLimitMs }: Talking,
  room: string,
  turn: number,
  mode: TalkMode,
): Promise<Asked> {
  const from = await guests.write(room, questionText(room, turn));
  const answer = await sights.next(room, from, isLine, answerLimitMs);
  if (mode === 'voice' && answer !== undefined)
    await sights.next(room, answer.at, isQuiet, END_LIMIT_MS);
  return { how: 'written', question: `${room} ${turn}`, answered: answer !== undefined };
}

async function speak(
  { guests, sights, answerLimitMs }: Talking,
  room: string,
  turn: number,
): Promise<Asked> {
  const recording = questionAt(turn);
  const said = await guests.speak(room, recording);
  const isAnswer = (sight: GuestSight): boolean => isLoud(sight) || isLine(sight);
  const answer = await sights.next(room, said.from, isAnswer, answerLimitMs);
  if (answer !== undefined && isLoud(answer))
    await sights.next(room, answer.at, isQuiet, END_LIMIT_MS);
  return { how: 'spoken', words: recordingOf(recording).text, answered: answer !== undefined };
}
