import { expect, it } from 'vitest';
import { isTroupeError } from '../../src/errors.ts';
import type { Llm } from '../../src/ports/llm.ts';
import { llmError, makeFakeLlm } from '../support/fake-llm.ts';
import { failing, listen, said } from './listener.ts';

it('asks again when the first token does not come in time', async () => {
  const llm = makeFakeLlm();
  const { clock, observed, heard, read } = listen(llm);
  const result = read();
  await clock.live(999);
  expect(llm.completions[0]!.isClosed()).toBe(false);
  await clock.live(1);
  expect(llm.completions[0]!.isClosed()).toBe(true);
  expect(observed).toMatchObject([
    { type: 'provider-failed', provider: 'openai', error: { kind: 'timeout', fault: 'provider' } },
  ]);
  await clock.live(250);
  expect(llm.completions).toHaveLength(2);
  llm.completions[1]!.say('Hi.');
  llm.completions[1]!.finish();
  expect(await result).toBe('ended');
  expect(heard[0]).toEqual(said('Hi.')[0]);
});

it.each([
  ['a rejected request', 'rejected'],
  ['a refused key', 'auth'],
  ['a forbidden model', 'forbidden'],
] as const)('does not ask again after %s', async (_what, kind) => {
  const llm = failing([kind]);
  const { read, clock } = listen(llm);
  expect(await read()).toMatchObject({ kind });
  expect(llm.completions).toHaveLength(1);
  expect(clock.timers()).toBe(0);
});

it('does not ask again when something fails that is no provider', async () => {
  const broken: Pick<Llm, 'stream'> = {
    stream() {
      throw new TypeError('a mistake of ours');
    },
  };
  const { read, observed } = listen(broken);
  expect(await read()).toBeInstanceOf(TypeError);
  expect(observed).toHaveLength(1);
});

it('asks as often as it may, and fails with the last failure', async () => {
  const llm = failing(['unavailable'], ['timeout'], ['quota']);
  const { read, clock, observed } = listen(llm);
  const result = read();
  await clock.live(60_000);
  expect(await result).toMatchObject({ kind: 'quota' });
  expect(
    observed.map((one) => 'error' in one && isTroupeError(one.error) && one.error.kind),
  ).toEqual(['unavailable', 'timeout', 'quota']);
});

it('does not ask again once a word was heard', async () => {
  const llm = makeFakeLlm((completion) => {
    completion.say('Once');
    completion.fail(llmError('unavailable'));
  });
  const { read, heard } = listen(llm);
  expect(await read()).toMatchObject({ kind: 'unavailable' });
  expect(heard).toEqual(said('Once'));
  expect(llm.completions).toHaveLength(1);
});

it('waits longer from try to try, by chance between half and the whole', async () => {
  for (const [random, first, second] of [
    [0, 125, 250],
    [1, 250, 500],
  ] as const) {
    const llm = failing(['unavailable'], ['unavailable']);
    const { read, clock } = listen(llm, { random });
    const result = read();
    await clock.live(first - 1);
    expect(llm.completions).toHaveLength(1);
    await clock.live(1);
    expect(llm.completions).toHaveLength(2);
    await clock.live(second - 1);
    expect(llm.completions).toHaveLength(2);
    await clock.live(1);
    expect(await result).toBe('ended');
  }
});

it.each([
  [2_000, 2_000],
  [3_000, 3_000],
  // Whoever says "at once" may say it to all: our own pause is kept.
  [0, 250],
  [50, 250],
])('comes back %i ms after it was asked to, in %i ms', async (retryAfterMs, expectedMs) => {
  const llm = failing(['quota', { retryAfterMs }]);
  const { read, clock } = listen(llm);
  const result = read();
  await clock.live(expectedMs - 1);
  expect(llm.completions).toHaveLength(1);
  await clock.live(1);
  expect(await result).toBe('ended');
});

it('does not wait when it is asked to stay away for longer than somebody would wait', async () => {
  const llm = failing(['quota', { retryAfterMs: 3_001 }]);
  expect(await listen(llm).read()).toMatchObject({ kind: 'quota', retryAfterMs: 3_001 });
  expect(llm.completions).toHaveLength(1);
});

it('ends in silence while it waits to ask again', async () => {
  const llm = failing(['unavailable']);
  const { read, clock, owner } = listen(llm);
  const result = read();
  await clock.live(100);
  owner.abort(new Error('interrupted'));
  expect(await result).toBe('ended');
  expect(clock.timers()).toBe(0);
  expect(llm.completions).toHaveLength(1);
});
