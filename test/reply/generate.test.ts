import { getEventListeners } from 'node:events';
import { expect, it } from 'vitest';
import type { Llm } from '../../src/ports/llm.ts';
import { makeFakeLlm } from '../support/fake-llm.ts';
import { settled } from '../support/hand-clock.ts';
import { listen, said } from './listener.ts';

it('gives all that the model says, and leaves nothing behind', async () => {
  const llm = makeFakeLlm();
  const { clock, owner, heard, read } = listen(llm);
  const result = read();
  await settled();
  llm.completions[0]!.say('Hel', 'lo.');
  await clock.live(499);
  llm.completions[0]!.say(' Bye.');
  llm.completions[0]!.finish();
  expect(await result).toBe('ended');
  expect(heard).toEqual([
    ...said('Hel', 'lo.', ' Bye.'),
    { type: 'finished', reason: 'stop' },
    { type: 'usage', usage: { promptTokens: 7, completionTokens: 5 } },
  ]);
  expect(llm.completions[0]!.isClosed()).toBe(true);
  expect(clock.timers()).toBe(0);
  expect(getEventListeners(owner.signal, 'abort')).toEqual([]);
});

it('fails when the model falls silent in the middle: what was heard cannot be taken back', async () => {
  const llm = makeFakeLlm((completion) => completion.say('Once'));
  const { clock, heard, owner, read } = listen(llm);
  const result = read();
  await clock.live(500);
  expect(await result).toMatchObject({ kind: 'timeout', service: 'llm' });
  expect(heard).toEqual(said('Once'));
  expect(llm.completions).toHaveLength(1);
  expect(llm.completions[0]!.isClosed()).toBe(true);
  expect(getEventListeners(owner.signal, 'abort')).toEqual([]);
});

it('does not count the time that its listener takes', async () => {
  const llm = makeFakeLlm((completion) => completion.say('Once', ' upon'));
  const { clock, stream } = listen(llm);
  await stream.next();
  clock.pass(60_000);
  expect(await stream.next()).toEqual({ done: false, value: said(' upon')[0] });
});

it.each([
  ['waits for the first token', 0],
  ['waits for the next token', 1],
])('ends in silence while it %s', async (_what, words) => {
  const llm = makeFakeLlm((completion) => completion.say(...['Once'].slice(0, words)));
  const { read, clock, owner, heard, observed } = listen(llm);
  const result = read();
  await clock.live(100);
  owner.abort(new Error('interrupted'));
  expect(await result).toBe('ended');
  expect(heard).toHaveLength(words);
  expect(observed).toEqual([]);
  expect(clock.timers()).toBe(0);
  await settled();
  expect(llm.completions[0]!.isClosed()).toBe(true);
});

it('ends though the model notices nothing', async () => {
  const stubborn: Pick<Llm, 'stream'> = {
    stream: () => ({
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise(() => undefined),
        return: () => new Promise(() => undefined),
      }),
    }),
  };
  const waiting = listen(stubborn);
  const cut = waiting.read();
  waiting.owner.abort(new Error('interrupted'));
  expect(await cut).toBe('ended');

  const asked = listen(stubborn, { attempts: 1 });
  const timedOut = asked.read();
  await asked.clock.live(1_000);
  expect(await timedOut).toMatchObject({ kind: 'timeout' });

  const late = listen(stubborn);
  late.owner.abort(new Error('interrupted'));
  expect(await late.read()).toBe('ended');
});

it('ends though it was interrupted while its listener was busy', async () => {
  const words = said('Once');
  const stubborn: Pick<Llm, 'stream'> = {
    async *stream() {
      yield* words;
      await new Promise(() => undefined);
    },
  };
  const { stream, owner } = listen(stubborn);
  await stream.next();
  owner.abort(new Error('interrupted'));
  expect(await stream.next()).toEqual({ done: true, value: undefined });
});

it('left by its listener it closes the connection', async () => {
  const llm = makeFakeLlm((completion) => completion.say('Once', ' upon'));
  const { stream, clock } = listen(llm);
  await stream.next();
  await stream.return(undefined);
  await settled();
  expect(llm.completions[0]!.isClosed()).toBe(true);
  expect(clock.timers()).toBe(0);
});
