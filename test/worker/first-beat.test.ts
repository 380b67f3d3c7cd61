import { describe, expect, it } from 'vitest';
import { firstBeat } from '../../src/worker/first-beat.ts';
import { leaseTimes } from '../../src/worker/lease-times.ts';
import { settled } from '../support/hand-clock.ts';
import { AWAY, V, openHeldLeases } from './held-leases.ts';

describe('the first beat', () => {
  it('gives the moment at which it was sent', async () => {
    const { clock, run } = await open();
    clock.pass(3_000);
    expect(await run()).toEqual({ monotonicMs: 3_000, wallMs: 3_000 });
  });

  it('is tried again until the receipt is too old: of the good one counts the sending', async () => {
    const { clock, queue, run } = await open();
    queue.fail('changeVisibility', AWAY('queue'), { times: 4 });
    queue.failBeatsOf('lobby', 1);
    const beaten = run();
    await clock.live(5_000);
    expect((await beaten)?.monotonicMs).toBe(5_000);
  });

  it('is given up when the receipt is too old', async () => {
    const { beats, clock, queue, run } = await open();
    queue.fail('changeVisibility', AWAY('queue'), { times: Infinity });
    let answer: unknown = 'none yet';
    void run().then((beaten) => (answer = beaten));
    await clock.live(49_999);
    expect(answer).toBe('none yet');
    await clock.live(1);
    expect([answer, beats.length]).toEqual([undefined, 50]);
  });

  it('is given up at once when the receipt is worthless', async () => {
    const { beats, clock, run } = await open();
    clock.pass(V);
    expect([await run(), beats.length]).toEqual([undefined, 1]);
  });

  it('is given up when the worker drains', async () => {
    const { clock, queue, run } = await open();
    queue.fail('changeVisibility', AWAY('queue'), { times: Infinity });
    const draining = new AbortController();
    const beaten = run(draining.signal);
    await clock.live(2_500);
    draining.abort();
    await settled();
    expect(await beaten).toBeUndefined();
  });
});

async function open() {
  const world = openHeldLeases();
  const { beats, clock, observe, queue } = world;
  await queue.send({ body: '{}', groupId: 'lobby', deduplicationId: 'lobby' });
  const { signal } = new AbortController();
  const delivery = await queue.receive({ waitMs: 0, visibilityMs: V, attemptId: 'a' }, signal);
  const deps = { clock, observe, queue: world.watchedQueue };
  const run = (draining: AbortSignal = signal) =>
    firstBeat(deps, delivery!, leaseTimes(V), draining);
  return { beats, clock, queue, run };
}
