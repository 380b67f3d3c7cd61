import { describe, expect, it } from 'vitest';
import { TroupeError } from '../../src/errors.ts';
import type { Refusal } from '../../src/ports/lease-table.ts';
import { openFleet } from './fleet.ts';

const AWAY = new TroupeError('away', { kind: 'unavailable', fault: 'fleet', service: 'queue' });

describe('a refused message', () => {
  it.each<[Refusal, number, number]>([
    ['ended', 0, 0],
    ['duplicate', 0, 0],
    ['stale', 0, 0],
    ['expired', 0, 0],
    ['poisoned', 0, 1],
    ['stalled', 1, 0],
  ])('(%s) leaves %d message and %d dead letter', async (refusal, held, dead) => {
    const { ask, clock, leases, queue, start } = openFleet();
    leases.acquire = async () => ({ granted: false, refusal });
    const worker = start();
    await ask('lobby');
    await clock.live(1_000);
    expect([queue.held().length, queue.dead.length]).toEqual([held, dead]);
    expect([worker.settled(), worker.bots.all]).toEqual([[refusal], []]);
    expect(queue.held().map(({ inFlight }) => inFlight)).toEqual(held === 1 ? [true] : []);
  });

  it('(occupied) is sent behind the others of its group, and says how often', async () => {
    const { ask, clock, leases, queue, start } = openFleet();
    leases.acquire = async ({ deferrals }) =>
      deferrals < 2
        ? { granted: false, refusal: 'occupied' }
        : { granted: false, refusal: 'ended' };
    const worker = start();
    await ask('lobby', { fields: { newField: 1 } });
    await clock.live(1_000);
    expect([worker.settled(), queue.held()]).toEqual([['deferred', 'deferred', 'ended'], []]);
  });

  it('that cannot be sent again comes back after a pause', async () => {
    const { ask, clock, queue, running, start } = openFleet();
    await ask('lobby', { group: 'constant' });
    queue.fail('send', AWAY, { times: 3 });
    const worker = start();
    await clock.live(3_000);
    expect([worker.settled(), queue.held().length]).toEqual([[], 1]);
    await clock.live(6_000);
    expect([worker.settled(), running()]).toEqual([['rerouted'], ['lobby']]);
  });

  it('that has become too long to be sent again goes to the dead letters', async () => {
    const { ask, clock, queue, start } = openFleet();
    const worker = start();
    await ask('lobby', { group: 'constant', fields: { filler: 'x'.repeat(256 * 1024 - 60) } });
    await clock.live(1_000);
    expect([worker.settled(), queue.held(), queue.dead.length]).toEqual([['rerouted'], [], 1]);
  });
});
