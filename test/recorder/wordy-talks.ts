import * as fc from 'fast-check';
import { openConversation } from '../../src/conversation/conversation.ts';
import type { EventBody, Person } from '../../src/conversation/events.ts';
import { openHandClock } from '../support/hand-clock.ts';
import {
  ANN,
  BEN,
  ends,
  final,
  interim,
  opens,
  RULES,
  says,
  silent,
  speaks,
  stops,
  writes,
} from '../support/timeline.ts';
import { openRecorded } from './recorded.ts';
import type { RecordedOptions } from './recorded.ts';

/** One thing that is said, when, and how. */
interface Said {
  readonly how: 'chat' | 'speech' | 'bot';
  readonly who: Person;
  readonly text: string;
  readonly pauseMs: number;
}

/**
 * Talks in which words decide all the time: who is called, what is an echo, said twice, a question, an
 * end; with few words, so that they come again.
 */
export function wordy(words: readonly string[]): fc.Arbitrary<readonly Said[]> {
  const known = [
    'Mia,',
    'Ann,',
    'Ben,',
    'Ben?',
    'and',
    'you know',
    'mhm',
    'yeah',
    '?',
    '.',
    'けど',
    'ですか。',
  ];
  const word = fc.constantFrom(...words, ...known);
  const said = fc.record({
    how: fc.constantFrom('chat', 'speech', 'speech', 'bot', 'bot'),
    who: fc.constantFrom(ANN, BEN),
    text: fc.array(word, { minLength: 1, maxLength: 4 }).map((some) => some.join(' ')),
    pauseMs: fc.constantFrom(0, 100, 400, 1_200, 4_000),
  }) satisfies fc.Arbitrary<Said>;
  return fc.array(said, { minLength: 10, maxLength: 40 });
}

/** Holds such a talk by voice and records it; gives the recording's lines. */
export async function recordWordy(
  talk: readonly Said[],
  options: RecordedOptions = {},
): Promise<readonly string[]> {
  const clock = openHandClock();
  const speech = { ...RULES.speech, draftsPerTurn: 3 };
  const policy = { ...RULES, newTurnWhileReplying: 'interrupt', idleTimeoutMs: 0, speech } as const;
  const { recorder, lines } = openRecorded(clock, () => policy, options);
  using conversation = openConversation(
    { clock, tap: recorder.take },
    () => policy,
    (command) => {
      if (command.type === 'cancel-reply') conversation.post(ends(command.replyId, 'interrupted'));
    },
  );
  conversation.post(opens(ANN, BEN));
  talk.forEach((said, at) => {
    const { lastReplyId, voices } = conversation.state();
    const watchId = voices.get(said.who.identity)?.watchId ?? 0;
    for (const event of eventsOf(said, at, lastReplyId)) conversation.post(event);
    clock.pass(said.pauseMs);
    if (said.pauseMs >= 1_200) conversation.post(silent(said.who, watchId + 1));
  });
  await recorder[Symbol.asyncDispose]();
  return lines;
}

function eventsOf({ how, who, text }: Said, at: number, replyId: number): readonly EventBody[] {
  if (how === 'chat') return [writes(who, text, `line-${at}`)];
  if (how === 'bot') return [says(replyId, `${text} `), ...(at % 3 === 0 ? [ends(replyId)] : [])];
  const [from, to] = [at * 5_000, at * 5_000 + 2_000];
  return [
    speaks(who, from),
    interim(who, text.split(' ')[0] ?? '', to),
    final(who, text, to),
    stops(who, to),
  ];
}
