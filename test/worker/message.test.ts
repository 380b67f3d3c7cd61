import { describe, expect, it } from 'vitest';
import { TroupeError } from '../../src/errors.ts';
import type { ErrorKind } from '../../src/errors.ts';
import type { Observation } from '../../src/ports/observe.ts';
import { insist } from '../../src/worker/message.ts';
import { openHandClock } from '../support/hand-clock.ts';

describe('insisting', () => {
  it.each<[ErrorKind, number, number]>([
    ['unavailable', 2, 3],
    ['timeout', 5, 3],
    ['quota', 1, 2],
    ['auth', 5, 1],
    ['rejected', 1, 1],
  ])('on a call that fails by %s %d times makes %d calls', async (kind, failures, calls) => {
    const clock = openHandClock();
    const told: Observation[] = [];
    let made = 0;
    const call = async (): Promise<string> => {
      made += 1;
      if (made > failures) return 'done';
      throw new TroupeError('away', { kind, fault: 'fleet', service: 'queue' });
    };
    const deps = { clock, observe: (one: Observation) => void told.push(one) };
    const result = insist(deps, 'delete', call).catch((error: unknown) => error);
    await clock.live(10_000);
    expect(made).toBe(calls);
    expect(await result).toEqual(calls > failures ? 'done' : expect.objectContaining({ kind }));
    expect(told).toHaveLength(Math.min(failures, calls));
    expect(told[0]).toMatchObject({ type: 'queue-failed', doing: 'delete' });
  });
});
