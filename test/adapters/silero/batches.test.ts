import { describe, expect, it } from 'vitest';
import { makeBatches } from '../../../src/adapters/silero/batches.ts';
import { makeWindows } from '../../../src/adapters/silero/windows.ts';
import { openHandClock } from '../../support/hand-clock.ts';

/** Streams by name; a batch is told as `ada:512 bob:512`. */
function openWorld(...names: readonly string[]) {
  const clock = openHandClock();
  const told: string[] = [];
  const batches = makeBatches<{ name: string; windows: ReturnType<typeof makeWindows> }>({
    clock,
    send: (batch) =>
      told.push(batch.map(({ stream, window }) => `${stream.name}:${window.toSample}`).join(' ')),
    stuck: () => told.push('stuck'),
  });
  const streams = new Map(names.map((name) => [name, { name, windows: makeWindows() }]));
  for (const stream of streams.values()) batches.join(stream);
  return {
    clock,
    told,
    batches,
    stream: (name: string) => streams.get(name)!,
    push: (name: string, samples = 512): void => {
      const stream = streams.get(name)!;
      stream.windows.push(new Int16Array(samples));
      batches.ready(stream);
    },
  };
}

describe('a batch', () => {
  it('starts at once when every stream has a window', () => {
    const { told, push } = openWorld('ada', 'bob');
    push('ada');
    expect(told).toEqual([]);
    push('bob');
    expect(told).toEqual(['ada:512 bob:512']);
  });

  it('waits 10 ms for those who are silent', () => {
    const { told, push, clock } = openWorld('ada', 'bob', 'cem');
    push('ada');
    clock.pass(6);
    push('bob');
    clock.pass(3);
    expect(told).toEqual([]);
    clock.pass(1);
    expect(told).toEqual(['ada:512 bob:512']);
  });

  it('holds one window of a stream; the next follows without waiting', () => {
    const { told, push, batches } = openWorld('ada', 'bob');
    push('ada', 1_024);
    push('bob');
    expect(told).toEqual(['ada:512 bob:512']);
    expect(batches.answered()).toHaveLength(2);
    expect(told).toEqual(['ada:512 bob:512', 'ada:1024']);
  });

  it('is one at a time: what comes meanwhile joins the next', () => {
    const { told, push, clock, batches } = openWorld('ada', 'bob');
    push('ada');
    clock.pass(10);
    push('bob');
    clock.pass(10);
    push('ada');
    expect(told).toEqual(['ada:512']);
    batches.answered();
    expect(told).toEqual(['ada:512', 'bob:512 ada:1024']);
  });

  it('goes without a stream that left, and leaves no timer for it', () => {
    const { told, push, clock, batches, stream } = openWorld('ada', 'bob');
    push('ada');
    batches.leave(stream('ada'));
    expect(clock.timers()).toBe(0);
    push('bob');
    expect(told).toEqual(['bob:512']);
  });

  it('that is not answered is told of, but not for a process that stood still', () => {
    const { told, push, clock, batches } = openWorld('ada');
    push('ada');
    clock.stall(60_000);
    clock.pass(0);
    batches.answered();
    push('ada');
    clock.pass(9_999);
    expect(told).toEqual(['ada:512', 'ada:1024']);
    clock.pass(1);
    expect(told.at(-1)).toBe('stuck');
  });

  it('leaves no timer when all is over', () => {
    const { push, clock, batches } = openWorld('ada', 'bob');
    push('ada');
    clock.pass(10);
    push('bob');
    batches.close();
    expect(clock.timers()).toBe(0);
  });
});
