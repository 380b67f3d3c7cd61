import { getEventListeners } from 'node:events';
import { expect, it } from 'vitest';
import { unlessAborted } from '../../src/lib/abort.ts';
import { DeadlineExceeded, withDeadline } from '../../src/lib/deadline.ts';
import { openHandClock } from '../support/hand-clock.ts';

const forever = (): Promise<never> => new Promise(() => undefined);

it('gives the answer, and leaves neither timer nor listener', async () => {
  const clock = openHandClock();
  const owner = new AbortController();
  let given: AbortSignal | undefined;
  const work = async (signal: AbortSignal): Promise<string> => {
    given = signal;
    return 'done';
  };
  expect(await withDeadline(clock, 100, work, owner.signal)).toBe('done');
  expect(getEventListeners(owner.signal, 'abort')).toEqual([]);
  expect(getEventListeners(given!, 'abort')).toEqual([]);
});

it('ends work that takes too long, and waits no longer for work that ignores it', async () => {
  const clock = openHandClock();
  let given: AbortSignal | undefined;
  const late = withDeadline(clock, 100, (signal) => {
    given = signal;
    return forever();
  });
  clock.pass(99);
  expect(given?.aborted).toBe(false);
  clock.pass(1);
  await expect(late).rejects.toThrow(new DeadlineExceeded('no answer within 100 ms'));
  expect(given?.reason).toBeInstanceOf(DeadlineExceeded);
});

it('ends with whoever waits, for his reason', async () => {
  const owner = new AbortController();
  const waiting = withDeadline(openHandClock(), 100, forever, owner.signal);
  owner.abort(new Error('gone'));
  await expect(waiting).rejects.toThrow('gone');
});

it('begins nothing for somebody who is gone already', async () => {
  let begun = false;
  const work = async (): Promise<void> => void (begun = true);
  const late = withDeadline(openHandClock(), 100, work, AbortSignal.abort(new Error('gone')));
  await expect(late).rejects.toThrow('gone');
  expect(begun).toBe(false);
});

it('throws what the work throws, and swallows what comes after the end', async () => {
  const clock = openHandClock();
  const failing = withDeadline(clock, 100, () => Promise.reject(new Error('broken')));
  await expect(failing).rejects.toThrow('broken');
  const job = Promise.withResolvers<never>();
  const late = withDeadline(clock, 100, () => job.promise);
  clock.pass(100);
  await expect(late).rejects.toThrow(DeadlineExceeded);
  job.reject(new Error('nobody may hear this: it would end the process'));
});

it('leaves a job to itself when its signal aborts', async () => {
  const owner = new AbortController();
  const job = Promise.withResolvers<string>();
  const waiting = unlessAborted(job.promise, owner.signal);
  owner.abort(new Error('gone'));
  job.resolve('too late');
  await expect(waiting).rejects.toThrow('gone');
  await expect(unlessAborted(forever(), owner.signal)).rejects.toThrow('gone');
  const { signal } = new AbortController();
  expect(await unlessAborted(Promise.resolve(1), signal)).toBe(1);
  await expect(unlessAborted(Promise.reject(new Error('broken')), signal)).rejects.toThrow(
    'broken',
  );
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});
