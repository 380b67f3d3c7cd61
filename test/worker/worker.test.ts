import { describe, expect, it } from 'vitest';
import { V, openFleet } from './fleet.ts';

describe('a start', () => {
  it('brings a bot into the room, and its leaving ends it', async () => {
    const { ask, clock, leases, queue, start } = openFleet();
    const worker = start();
    await ask('lobby', { session: 'talk', fields: { characterId: 7, mode: 'text' } });
    await clock.live(1_000);
    const bot = worker.bots.of('lobby');
    expect(bot.start).toMatchObject({
      session: 'talk',
      characterId: '7',
      mode: 'text',
      arrival: 'fresh',
      requestedAt: 0,
    });
    expect(leases.row('lobby')).toMatchObject({ status: 'live', epoch: 1, worker: 'worker-1' });
    await clock.live(10 * V);
    expect(bot.running()).toBe(true);
    expect(queue.held()).toMatchObject([{ inFlight: true, receiveCount: 1 }]);
    bot.end({ kind: 'left', reason: 'idle' });
    await clock.live(1_000);
    expect(leases.row('lobby')).toMatchObject({ status: 'left' });
    expect(queue.held()).toEqual([]);
  });
});
