import { describe, expect, it } from 'vitest';
import { TroupeError } from '../../src/errors.ts';
import type { BotOutcome } from '../../src/ports/bot.ts';
import { V, openFleet } from './fleet.ts';

describe('a bot that has lived for V', () => {
  it('is told well, once', async () => {
    const { ask, clock, leases, start } = openFleet();
    const told: number[] = [];
    const real = leases.markHealthy.bind(leases);
    leases.markHealthy = (lease) => {
      told.push(clock.monotonicMs());
      return real(lease);
    };
    start();
    await ask('lobby');
    await clock.live(10 * V);
    expect(told).toEqual([V]);
  });

  it('has lost its lease when that is refused', async () => {
    const { ask, clock, leases, start } = openFleet();
    const worker = start();
    await ask('lobby');
    await clock.live(1_000);
    leases.fenced = async () => new Set();
    await leases.endSession('lobby');
    await clock.live(V - 2_000);
    expect(worker.bots.of('lobby').running()).toBe(true);
    await clock.live(2_000);
    expect(worker.bots.of('lobby').running()).toBe(false);
  });

  it('is well all the same when the database does not answer', async () => {
    const { ask, clock, leases, running, start } = openFleet();
    const worker = start();
    await ask('lobby');
    await clock.live(1_000);
    leases.failWith(failure('unavailable', 'fleet'));
    await clock.live(V);
    expect(running()).toEqual(['lobby']);
    expect(worker.told).toContainEqual(
      expect.objectContaining({ type: 'provider-failed', provider: 'database' }),
    );
  });

  it('shows that rows are found', async () => {
    const { ask, clock, queue, start } = openFleet();
    const worker = start({}, { database: async () => undefined });
    worker.bots.onStart((bot) => (bot.room === 'found' ? bot.talk() : bot.end(UNKNOWN)));
    for (const room of ['a', 'b', 'found']) await ask(room);
    await clock.live(V + 1_000);
    for (const room of ['c', 'd']) await ask(room);
    await clock.live(1_000);
    expect(queue.dead).toHaveLength(4);
    expect(worker.told.some(({ type }) => type === 'receiving-paused')).toBe(false);
  });

  it('is tried again soon when it fails: what failed before it is history', async () => {
    const { ask, clock, start } = openFleet();
    const worker = start();
    const away: BotOutcome = { kind: 'failed', error: failure('unavailable', 'fleet') };
    worker.bots.onStart((bot) => bot.end(away));
    await ask('lobby');
    await clock.live(2 * V);
    worker.bots.onStart((bot) => bot.talk());
    await clock.live(2 * V);
    const before = worker.bots.all.length;
    worker.bots.of('lobby').end(away);
    await clock.live(200);
    expect(worker.bots.all).toHaveLength(before + 1);
  });
});

const UNKNOWN: BotOutcome = { kind: 'failed', error: failure('not-found', 'room') };

function failure(kind: 'unavailable' | 'not-found', fault: 'fleet' | 'room'): TroupeError {
  return new TroupeError('a test', { kind, fault, service: 'database' });
}
