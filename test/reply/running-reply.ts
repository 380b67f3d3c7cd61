import type { EventBody, SpokenText } from '../../src/conversation/events.ts';
import type { Observation } from '../../src/ports/observe.ts';
import type { TurnRecord } from '../../src/ports/memory-store.ts';
import { startAnswer } from '../../src/reply/answer.ts';
import type { ReplySettings } from '../../src/reply/answer.ts';
import type { RunningReply, Stage } from '../../src/reply/reply.ts';
import { makeFakeLlm } from '../support/fake-llm.ts';
import type { FakeCompletion } from '../support/fake-llm.ts';
import { openHandClock } from '../support/hand-clock.ts';

const SETTINGS: ReplySettings = {
  model: 'a/model',
  maxTokens: 50,
  maxCharacters: 1_000,
  contextTokens: 1_000,
  firstTokenTimeoutMs: 1_000,
  tokenGapTimeoutMs: 500,
  attempts: 2,
};

/** How the reply of a test is made. */
export interface ReplyTest {
  readonly script?: (completion: FakeCompletion) => void;
  readonly deliver?: Stage['deliver'];
  readonly rest?: Stage['rest'];
  readonly settings?: Partial<ReplySettings>;
  /** Hears each event within its post. */
  readonly onEvent?: (event: EventBody, reply: RunningReply) => void;
}

/** The last stage of a room that takes each piece at once. */
export const takeAll: Stage['deliver'] = async function* takeAll(pieces, audible, signal) {
  for await (const piece of pieces) {
    if (signal.aborted) return;
    if (piece.text !== '') audible();
    yield piece;
  }
};

/** Starts a reply on a clock that is moved by hand, and keeps all that comes of it. */
export function startTestReply(test: ReplyTest = {}) {
  const clock = openHandClock();
  const llm = makeFakeLlm(test.script);
  const owner = new AbortController();
  const events: EventBody[] = [];
  const records: TurnRecord[] = [];
  const observed: Observation[] = [];
  const deps = {
    llm,
    clock,
    random: () => 0,
    observe: (one: Observation) => void observed.push(one),
    finished: (record: TurnRecord) => void records.push(record),
    post(event: EventBody) {
      events.push(event);
      test.onEvent?.(event, reply);
    },
  };
  const order = {
    replyId: 7,
    recordId: 'record',
    prompt: [{ role: 'user', content: 'What is the time?!' }],
  } as const;
  const settings = { ...SETTINGS, ...test.settings };
  const stage = {
    deliver: test.deliver ?? takeAll,
    rest: test.rest ?? (() => []),
    hold: () => undefined,
    resume: () => undefined,
  };
  const reply = startAnswer(deps, order, settings, stage, owner.signal);
  return { clock, llm, owner, reply, events, records, observed };
}

/** The events in short: `audible`, the text of a piece in quotes, how it ended. */
export function told(events: readonly EventBody[]): readonly string[] {
  return events.map((event) => {
    if (event.type === 'reply-progress') return `"${event.piece.text}"`;
    return event.type === 'reply-ended' ? event.end : event.type.replace('reply-', '');
  });
}

/** The model's own text of all pieces. */
export function originalOf(events: readonly EventBody[]): string {
  return events
    .flatMap((event): SpokenText[] => (event.type === 'reply-progress' ? [event.piece] : []))
    .map(({ original }) => original)
    .join('');
}
