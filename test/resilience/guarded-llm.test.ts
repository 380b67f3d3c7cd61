import { expect, it } from 'vitest';
import { openScope } from '../../src/lib/scope.ts';
import type { LlmEvent } from '../../src/ports/llm.ts';
import type { Observation } from '../../src/ports/observe.ts';
import { guardedLlm } from '../../src/resilience/guarded-llm.ts';
import { llmError, makeFakeLlm } from '../support/fake-llm.ts';
import type { FakeCompletion } from '../support/fake-llm.ts';
import { openHandClock, settled } from '../support/hand-clock.ts';

const REQUEST = { model: 'a/model', messages: [], maxTokens: 5 };
const PAUSED = { type: 'provider-paused', provider: 'openai', forMs: 5_000 };
const RESTORED = { type: 'provider-restored', provider: 'openai' };

const answers = (completion: FakeCompletion): void => {
  completion.say('Hi.');
  completion.finish();
};
const fails =
  (kind: Parameters<typeof llmError>[0] = 'unavailable') =>
  (completion: FakeCompletion): void =>
    completion.fail(llmError(kind));

/** The only model, which does what it was told last, and its guard. */
function open(first: (completion: FakeCompletion) => void) {
  const clock = openHandClock();
  const observed: Observation[] = [];
  let does = first;
  let warmUps = 0;
  const model = makeFakeLlm((completion) => does(completion));
  const warmUp = async (): Promise<void> => void (warmUps += 1);
  const llm = guardedLlm(
    { clock, observe: (one) => void observed.push(one) },
    { ...model, warmUp },
  );
  const ask = async (signal = new AbortController().signal): Promise<string> => {
    const events = await Array.fromAsync<LlmEvent>(llm.stream(REQUEST, signal));
    return events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('');
  };
  return {
    clock,
    observed,
    llm,
    ask,
    asked: () => model.completions.length,
    warmUps: () => warmUps,
    from: (next: (completion: FakeCompletion) => void) => void (does = next),
    /** Asks so often, in vain. */
    failTimes: async (times: number): Promise<void> => {
      for (let count = 0; count < times; count += 1) await ask().catch(() => undefined);
    },
  };
}

it('asks on while it fails now and then', async () => {
  const { ask, asked, failTimes, from, observed } = open(fails());
  await failTimes(9);
  from(answers);
  expect(await ask()).toBe('Hi.');
  from(fails());
  await failTimes(9);
  expect(asked()).toBe(19);
  expect(observed).toEqual([]);
});

it('lets nobody wait after ten failures in a row: it fails at once, and not to be tried again', async () => {
  const { ask, asked, failTimes, from, observed } = open(fails());
  await failTimes(10);
  from(answers);
  await expect(ask()).rejects.toMatchObject({
    kind: 'unavailable',
    fault: 'provider',
    service: 'llm',
    retryable: false,
  });
  expect(asked()).toBe(10);
  expect(observed).toEqual([PAUSED]);
});

it('asks once in 5 s then, and all are answered again when that was', async () => {
  const { ask, asked, clock, failTimes, from, observed } = open(fails());
  await failTimes(10);
  clock.pass(4_999);
  await failTimes(1);
  expect(asked()).toBe(10);
  clock.pass(1);
  await failTimes(2);
  expect(asked()).toBe(11);
  clock.pass(5_000);
  let probe: FakeCompletion | undefined;
  from((completion) => void (probe = completion));
  const probing = ask();
  await settled();
  await expect(ask()).rejects.toMatchObject({ kind: 'unavailable' });
  answers(probe!);
  expect(await probing).toBe('Hi.');
  from(answers);
  expect([await ask(), await ask()]).toEqual(['Hi.', 'Hi.']);
  expect(asked()).toBe(14);
  expect(observed).toEqual([PAUSED, PAUSED, RESTORED]);
});

it('learns nothing of now from what was begun before it opened', async () => {
  const pending: FakeCompletion[] = [];
  const { ask, clock, from, observed } = open((completion) => void pending.push(completion));
  const asking = Array.from({ length: 12 }, () => ask().catch(() => 'failed'));
  await settled();
  pending.slice(0, 10).forEach(fails());
  await settled();
  clock.pass(5_000);
  pending.slice(10, 11).forEach(fails());
  await settled();
  from(answers);
  expect(await ask()).toBe('Hi.');
  pending.slice(11).forEach(fails());
  expect(await Promise.all(asking)).toEqual(asking.map(() => 'failed'));
  expect(observed).toEqual([PAUSED, RESTORED]);
});

it('counts a silence that its listener gave up', async () => {
  const { ask, asked, failTimes, observed } = open(() => undefined);
  for (let count = 0; count < 10; count += 1) {
    using watchdog = openScope();
    const silent = ask(watchdog.signal);
    await settled();
    watchdog.end(llmError('timeout'));
    await silent;
  }
  await failTimes(1);
  expect(asked()).toBe(10);
  expect(observed).toEqual([PAUSED]);
});

it.each([
  ['interruptions', undefined],
  ['what the character or the turn is to blame for', 'rejected'],
  ['a refused key', 'auth'],
] as const)('does not count %s', async (_what, kind) => {
  const { ask, asked, failTimes, from, observed } = open(fails(kind));
  if (kind !== undefined) await failTimes(20);
  else {
    from(() => undefined);
    for (let count = 0; count < 20; count += 1) {
      const listener = new AbortController();
      const silent = ask(listener.signal);
      await settled();
      listener.abort(new Error('barge-in'));
      expect(await silent).toBe('');
    }
  }
  from(answers);
  expect(await ask()).toBe('Hi.');
  expect(asked()).toBe(21);
  expect(observed).toEqual([]);
});

it('is not probed by somebody who is gone, nor warmed up', async () => {
  const { ask, asked, clock, failTimes, from, llm, warmUps } = open(fails());
  await llm.warmUp();
  await failTimes(10);
  clock.pass(5_000);
  expect(await ask(AbortSignal.abort(new Error('gone')))).toBe('');
  await llm.warmUp();
  expect([asked(), warmUps()]).toEqual([10, 1]);
  from(answers);
  expect(await ask()).toBe('Hi.');
});
