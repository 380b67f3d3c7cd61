import { describe, expect, it } from 'vitest';
import { openWithRoom } from './fleet.ts';

describe('a worker that is told to stop', () => {
  it('cuts its poll and lets its bots leave at once', async () => {
    const { clock, first, fleet } = await openWithRoom();
    first.stop();
    await clock.live(10);
    await first.done;
    expect(first.bots.of('lobby').asked.at(-1)).toBe('leave drain');
    expect(fleet.queue.held()).toMatchObject([{ inFlight: false }]);
    const second = fleet.start();
    await clock.live(1_000);
    expect(second.bots.of('lobby').start.arrival).toBe('takeover');
    expect(fleet.leases.row('lobby')).toMatchObject({ crashes: 0 });
  });

  it('in the middle of a drain does not wait for its end', async () => {
    const { clock, first } = await openWithRoom();
    first.drain();
    await clock.live(5_000);
    first.stop();
    await clock.live(10);
    await first.done;
    expect(first.told).toContainEqual({ type: 'drain-ended', running: 0, forced: true });
  });

  it('waits a second for a bot that hangs', async () => {
    const { clock, first, fleet } = await openWithRoom();
    first.bots.of('lobby').hang();
    first.stop();
    await clock.live(1_010);
    await first.done;
    expect(fleet.queue.held()).toMatchObject([{ inFlight: false }]);
    expect(clock.timers()).toBeLessThan(60);
  });
});
