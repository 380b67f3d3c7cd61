import type { EventBody } from '../../src/conversation/events.ts';
import type { ContextMessage } from '../../src/memory/context.ts';
import { openTextMode } from '../../src/mode/text.ts';
import type { TextModeDeps } from '../../src/mode/text.ts';
import type { TurnRecord } from '../../src/ports/memory-store.ts';
import type { Observation } from '../../src/ports/observe.ts';
import type { RoomLink } from '../../src/ports/room-link.ts';
import { said } from '../contract/memory-world.ts';
import { makeFakeLlm } from '../support/fake-llm.ts';
import { openFakeRooms } from '../support/fake-room-link.ts';
import { openHandClock, settled } from '../support/hand-clock.ts';

export const MIA = {
  id: 'mia',
  name: 'Mia',
  prompt: 'You are Mia.',
  language: 'en',
  addressing: { rule: 'auto', names: [], phrases: [] },
} as const;

export const REPLY_SETTINGS = {
  model: 'a/model',
  maxTokens: 100,
  maxCharacters: 1_000,
  contextTokens: 1_000,
  firstTokenTimeoutMs: 10_000,
  tokenGapTimeoutMs: 10_000,
  attempts: 1,
};

/** The room takes nothing, and does not say so. */
export const NEVER = (): Promise<void> => new Promise(() => undefined);

/** A mouth that writes into a room with Ann in it. */
export async function openMouth(more: Partial<TextModeDeps> = {}, wrap = (link: RoomLink) => link) {
  const rooms = openFakeRooms();
  const ann = rooms.visit('room', { identity: 'ann' });
  const life = new AbortController();
  const joining = rooms.join({ room: 'room', name: 'Mia' }, () => undefined, life.signal);
  const link = wrap(await joining);
  const clock = openHandClock();
  const llm = makeFakeLlm();
  const [posted, observed, books]: [EventBody[], Observation[], TurnRecord[]] = [[], [], []];
  const messages: ContextMessage[] = [said('Hello?', 'u1')];
  let [mayPublish, ids] = [true, 0];
  const mouth = openTextMode(
    {
      llm,
      clock,
      link,
      random: () => 0,
      observe: (one) => void observed.push(one),
      newId: () => `id-${(ids += 1)}`,
      mayPublish: () => mayPublish,
      chatLines: true,
      beforeSpeaking: () => Promise.resolve(),
      arrives: () => true,
      messages: () => messages,
      character: MIA,
      settings: REPLY_SETTINGS,
      finished: (record) => void books.push(record),
      ...more,
    },
    (event) => void posted.push(event),
    life.signal,
  );
  return {
    mouth,
    llm,
    clock,
    rooms,
    life,
    posted,
    observed,
    books,
    messages,
    permit: (may: boolean) => void (mayPublish = may),
    /** The model says this to the newest request. */
    says: async (...texts: readonly string[]) => {
      await settled();
      llm.completions.at(-1)?.say(...texts);
      await settled();
    },
    finishes: async () => {
      llm.completions.at(-1)?.finish();
      await settled();
    },
    lines: () => ann.lines.map(({ text }) => text),
    segments: () => ann.segments.map(({ history, final }) => ({ history, final })),
  };
}
