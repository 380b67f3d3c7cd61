import { expect, it } from 'vitest';
import { isTroupeError } from '../../src/errors.ts';
import type { LlmEvent } from '../../src/ports/llm.ts';
import type { Observation } from '../../src/ports/observe.ts';
import { withFallbackLlm } from '../../src/resilience/fallback-llm.ts';
import { watchHealth } from '../../src/resilience/health.ts';
import { llmError, makeFakeLlm } from '../support/fake-llm.ts';
import type { FakeCompletion } from '../support/fake-llm.ts';
import { openHandClock, settled } from '../support/hand-clock.ts';

const REQUEST = { model: 'first/model', messages: [], maxTokens: 5 };
const says = (text: string) => (completion: FakeCompletion) => {
  completion.say(text);
  completion.finish();
};

function open(first: (completion: FakeCompletion) => void, second = says('second')) {
  const clock = openHandClock();
  const observed: Observation[] = [];
  const deps = { clock, observe: (one: Observation) => void observed.push(one) };
  const [one, other] = [makeFakeLlm(first), makeFakeLlm(second)];
  const owner = new AbortController();
  const llm = withFallbackLlm(
    clock,
    [
      { llm: one, health: watchHealth(deps, 'openai') },
      { llm: other, health: watchHealth(deps, 'openai-2'), model: 'second/model' },
    ],
    1_000,
  );
  const ask = async (): Promise<string> => {
    const events = await Array.fromAsync<LlmEvent>(llm.stream(REQUEST, owner.signal));
    return events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('');
  };
  return { clock, observed, one, other, owner, ask };
}

it('asks the first provider alone while it is well', async () => {
  const { ask, other } = open(says('first'));
  expect(await ask()).toBe('first');
  expect(other.completions).toHaveLength(0);
});

it.each(['unavailable', 'quota', 'rejected', 'auth'] as const)(
  'asks the second, for a model of its own, where the first says %s',
  async (kind) => {
    const { ask, other } = open((completion) => completion.fail(llmError(kind)));
    expect(await ask()).toBe('second');
    expect(other.completions[0]?.request.model).toBe('second/model');
  },
);

it('asks the second where the first is silent, and closes that request', async () => {
  const { ask, clock, one } = open(() => undefined);
  const asked = ask();
  await clock.live(1_000);
  expect(await asked).toBe('second');
  expect(one.completions[0]?.isClosed()).toBe(true);
});

it('asks nobody else once something was said', async () => {
  const { ask, other } = open((completion) => {
    completion.say('half');
    completion.fail(llmError('unavailable'));
  });
  await expect(ask()).rejects.toMatchObject({ kind: 'unavailable' });
  expect(other.completions).toHaveLength(0);
});

it('leaves the first alone while it is ill, and comes back to it', async () => {
  let isIll = true;
  const { ask, clock, one } = open((completion) =>
    isIll ? completion.fail(llmError('unavailable')) : says('first')(completion),
  );
  for (let count = 0; count < 5; count += 1) await ask();
  expect(one.completions).toHaveLength(3);
  isIll = false;
  clock.pass(60_000);
  expect(await ask()).toBe('first');
});

it('tells how long it leaves one alone, anew after each probe that fails, until it works', async () => {
  let isIll = true;
  const { ask, clock, observed } = open((completion) =>
    isIll ? completion.fail(llmError('unavailable')) : says('first')(completion),
  );
  const told = (): readonly Observation[] =>
    observed.filter(({ type }) => type === 'provider-paused' || type === 'provider-restored');
  const paused = { type: 'provider-paused', provider: 'openai', forMs: 15_000 };
  for (let count = 0; count < 5; count += 1) await ask();
  expect(told()).toEqual([paused]);
  clock.pass(15_000);
  await ask();
  expect(told()).toEqual([paused, paused]);
  isIll = false;
  clock.pass(15_000);
  await ask();
  expect(told()).toEqual([paused, paused, { type: 'provider-restored', provider: 'openai' }]);
});

it('switches a refused key off for good, and tells it once', async () => {
  const { ask, clock, one, observed } = open((completion) => completion.fail(llmError('auth')));
  await ask();
  clock.pass(3_600_000);
  await ask();
  expect(one.completions).toHaveLength(1);
  expect(observed.filter(({ type }) => type === 'provider-off')).toHaveLength(1);
});

it('fails with the last failure where nobody answers, and ends in silence when it is let go', async () => {
  const fails = (completion: FakeCompletion): void => completion.fail(llmError('quota'));
  await expect(open(fails, fails).ask()).rejects.toSatisfy((error) =>
    isTroupeError(error, 'quota'),
  );
  const { ask, owner, observed } = open(() => undefined);
  const asked = ask();
  await settled();
  owner.abort(new Error('interrupted'));
  expect(await asked).toBe('');
  expect(observed).toEqual([]);
});
