import { expect, it } from 'vitest';
import type { Command } from '../../src/conversation/commands.ts';
import { initialState } from '../../src/conversation/state.ts';
import type { ConversationPolicy } from '../../src/conversation/state.ts';
import { reduce } from '../../src/conversation/reduce.ts';
import { ofType } from '../properties/over-histories.ts';
import { openHandClock } from '../support/hand-clock.ts';
import { ANN, BEN, comes, final, opens, RULES, writes } from '../support/timeline.ts';
import { recordTalk } from './recorded-talk.ts';
import { openRecorded, replayed } from './recorded.ts';
import type { Recorded, RecordedOptions } from './recorded.ts';

type Step = { readonly [field: string]: unknown };

/** A recorder with a talk that goes on by hand. */
function openTalk(options: RecordedOptions = {}, policy = () => RULES) {
  const clock = openHandClock();
  const recorded = openRecorded(clock, policy, options);
  let state = initialState(0);
  let lines = 0;
  return {
    ...recorded,
    /** Ann writes one line more. */
    goesOn: (): void => {
      const event = { ...writes(ANN, `line ${(lines += 1)}`), at: clock.monotonicMs() };
      const step = reduce(state, event, policy());
      ({ state } = step);
      recorded.recorder.take(event, state, step.commands);
    },
  };
}

function endOf({ lines }: Recorded): unknown {
  return JSON.parse(lines.at(-1) ?? '');
}

it('names the file by session, epoch and time', () => {
  expect(openTalk().files).toEqual(['talk_e3_19700101T000000000Z.jsonl']);
});

it('ends the recording with the talk, once', async () => {
  const talk = openTalk();
  talk.goesOn();
  await talk.recorder[Symbol.asyncDispose]();
  await talk.recorder[Symbol.asyncDispose]();
  talk.goesOn();
  expect(talk.lines).toHaveLength(3);
  expect(endOf(talk)).toEqual({ ended: 'complete', events: 1 });
  expect(talk.observed).toEqual([
    { type: 'recording-ended', file: talk.files[0], how: 'complete', events: 1 },
  ]);
});

it.each<[string, RecordedOptions]>([
  ['size-limit', { maxBytes: 4_000 }],
  ['disk-behind', { room: 4 }],
])('cuts it with a last line that says why: %s', async (how, options) => {
  const talk = openTalk(options);
  for (let line = 0; line < 40; line += 1) talk.goesOn();
  await talk.recorder[Symbol.asyncDispose]();
  const events = talk.lines.length - 2;
  expect(events).toBeGreaterThan(1);
  expect(events).toBeLessThan(39);
  expect(endOf(talk)).toEqual({ ended: how, events });
  expect(Buffer.byteLength(talk.lines.join('\n'))).toBeLessThan(options.maxBytes ?? Infinity);
  expect(talk.observed).toMatchObject([{ type: 'recording-ended', how, events }]);
  expect(await replayed(talk.lines)).toEqual({ kind: 'same', events, ended: how });
});

it('tells once that the disk fails, and is quiet from then on', async () => {
  const talk = openTalk();
  talk.goesOn();
  talk.fail(new Error('disk'));
  talk.fail(new Error('disk again'));
  talk.goesOn();
  await talk.recorder[Symbol.asyncDispose]();
  expect(talk.lines).toHaveLength(2);
  expect(talk.observed).toEqual([
    { type: 'recording-failed', file: talk.files[0], error: new Error('disk') },
  ]);
});

it('never throws into the talk, whatever is wrong with what it is given', async () => {
  const talk = openTalk();
  talk.goesOn();
  const event = { ...writes(ANN, 'hello'), at: 1 };
  talk.recorder.take({ ...event, type: 'unheard of' } as never, initialState(0), []);
  talk.goesOn();
  await talk.recorder[Symbol.asyncDispose]();
  expect(talk.observed).toMatchObject([{ type: 'recording-failed' }]);
  expect(endOf(talk)).toEqual({ ended: 'failed', events: 1 });
  expect(await replayed(talk.lines)).toEqual({ kind: 'same', events: 1, ended: 'failed' });
});

it('records the rules where they change', async () => {
  let rules: ConversationPolicy = RULES;
  const talk = openTalk({}, () => rules);
  talk.goesOn();
  rules = { ...RULES, maxPending: 1 };
  talk.goesOn();
  talk.goesOn();
  await talk.recorder[Symbol.asyncDispose]();
  const changes = talk.lines.slice(1, -1).map((line) => (JSON.parse(line) as Step)['policy']);
  expect(changes).toEqual([undefined, rules, undefined]);
  expect(await replayed(talk.lines)).toMatchObject({ kind: 'same' });
});

it('records the rules where one of them says something else, as with who hears', async () => {
  let finalWaitMs = 350;
  const speech = {
    ...RULES.speech,
    get finalWaitMs() {
      return finalWaitMs;
    },
  };
  const rules = { ...RULES, speech };
  const talk = openTalk({}, () => rules);
  talk.goesOn();
  finalWaitMs = 1_500;
  talk.goesOn();
  talk.goesOn();
  await talk.recorder[Symbol.asyncDispose]();
  const waits = talk.lines.slice(0, -1).map((line) => {
    const { policy } = JSON.parse(line) as { readonly policy?: ConversationPolicy };
    return policy?.speech.finalWaitMs;
  });
  expect(waits).toEqual([350, undefined, 1_500, undefined]);
});

it('notes where the talk did something else than its copy, and follows the talk', async () => {
  const talk = openTalk();
  const event = { ...opens(ANN), at: 0 };
  const live = reduce(initialState(0), event, { ...RULES, idleTimeoutMs: 7_000 });
  talk.recorder.take(event, live.state, live.commands);
  const next = { ...comes(BEN), at: 10 };
  const step = reduce(live.state, next, RULES);
  talk.recorder.take(next, step.state, step.commands);
  await talk.recorder[Symbol.asyncDispose]();
  const [, first, second] = talk.lines.map((line) => JSON.parse(line) as Step);
  expect(first!['diverged']).toMatchObject({
    live: expect.arrayContaining([expect.objectContaining({ timer: 'idle', delayMs: 7_000 })]),
    changes: { timers: { idle: { dueAt: [7_000] } } },
  });
  expect(second).not.toHaveProperty('diverged');
  expect(talk.lines.join('\n')).not.toMatch(/"(?:Ann|ann|Ben|ben)"/);
  expect(await replayed(talk.lines)).toMatchObject({ kind: 'same', events: 2 });
});

it('does in a copy what the talk does where words decide', async () => {
  const lines = await recordTalk(
    [
      [0, opens(ANN, BEN)],
      [10, final(ANN, 'Dr. Ben, are you coming?', 1_000)],
      [20, final(BEN, 'Mia, what do you think of Zürich, and', 1_000)],
      [30, final(ANN, 'ミアさん、東京から来ましたけど', 2_000)],
      [5_000, writes(BEN, 'hello Mia')],
    ],
    {
      newTurnWhileReplying: 'interrupt',
      addressing: { rule: 'auto', names: ['ミア'], phrases: [] },
    },
  );
  const turns = lines.flatMap((line) => {
    const { commands = [] } = JSON.parse(line) as { commands?: readonly Command[] };
    return ofType(commands, 'commit-turn').map(({ turn }) => turn);
  });
  expect(turns.map(({ speaker, addressed }) => [speaker, addressed])).toEqual([
    ['person-1', false],
    ['person-2', true],
    ['person-1', true],
    ['person-2', true],
  ]);
  expect(lines.join('')).not.toMatch(/diverged|Zürich|東京|coming|hello/);
});
