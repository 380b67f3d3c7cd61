import { describe, expect, it } from 'vitest';
import { TroupeError } from '../../src/errors.ts';
import { parseActivation } from '../../src/worker/activation.ts';
import { V, openFleet, openWithRoom } from './fleet.ts';
import type { Fleet, FleetWorker } from './fleet.ts';

const AWAY = new TroupeError('away', { kind: 'unavailable', fault: 'fleet', service: 'queue' });
const NO_SAVE = new TroupeError('no', { kind: 'timeout', fault: 'fleet', service: 'database' });

describe('a worker that drains', () => {
  it('hands its rooms over to a free worker, serves them meanwhile, and ends', async () => {
    const { clock, first, fleet, leases } = await openWithRoom();
    const second = fleet.start();
    const bot = first.bots.of('lobby');
    await drained(fleet, first);
    expect(bot.asked).toEqual(['prepare']);
    expect(second.bots.of('lobby').start).toMatchObject({
      arrival: 'handover',
      session: 'lobby',
      characterId: 'mia',
      mode: 'text',
    });
    expect(leases.row('lobby')).toMatchObject({ epoch: 2, generation: 1, crashes: 0 });
    await clock.live(2 * V);
    expect(fleet.queue.held()).toMatchObject([{ inFlight: true }]);
    expect(fleet.running()).toEqual(['lobby']);
  });

  it('without a free worker serves until its time is over; the successor waits', async () => {
    const { clock, first, fleet, leases } = await openWithRoom();
    const bot = first.bots.of('lobby');
    first.drain();
    await clock.live(59_000);
    expect([bot.running(), bot.start.lease.mayPublish()]).toEqual([true, true]);
    expect(first.notReady()).toEqual(['draining']);
    await drained(fleet, first);
    expect(bot.asked).toEqual(['prepare', 'leave drain']);
    expect(leases.row('lobby')).toMatchObject({ status: 'live', epoch: 1 });
    const second = fleet.start();
    await clock.live(1_000);
    expect(second.bots.of('lobby').start.arrival).toBe('handover');
  });

  it('receives nothing more, and hands back what a running poll brings', async () => {
    const fleet = openFleet();
    const first = fleet.start();
    await fleet.clock.live(1_000);
    first.drain();
    await fleet.ask('lobby');
    await drained(fleet, first);
    expect(first.bots.all).toEqual([]);
    expect(fleet.queue.held()).toMatchObject([{ inFlight: false, receiveCount: 1 }]);
  });

  it('does not end before its poll, however little time it has', async () => {
    const fleet = openFleet();
    const first = fleet.start({ drainTimeoutMs: 0 });
    await fleet.clock.live(1_000);
    let done = false;
    void first.done.then(() => (done = true));
    first.drain();
    await fleet.clock.live(15_000);
    expect(done).toBe(false);
    await fleet.ask('lobby');
    await fleet.clock.live(10);
    await first.done;
    expect(fleet.queue.held()).toMatchObject([{ inFlight: false, receiveCount: 1 }]);
  });

  it('hands back a message that it could not beat for', async () => {
    const fleet = openFleet();
    fleet.queue.fail('changeVisibility', AWAY, { times: 2 });
    await fleet.ask('lobby');
    const first = fleet.start();
    await fleet.clock.live(500);
    first.drain();
    await fleet.clock.live(1_000);
    expect(fleet.queue.held()).toMatchObject([{ inFlight: false }]);
    expect(first.settled()).toEqual(['unbeaten']);
  });

  it('hands back a start that it was just about to serve', async () => {
    const fleet = openFleet();
    const first = fleet.start();
    const slow = first.process.holdUp('acquire');
    await fleet.ask('lobby');
    await fleet.clock.live(1_000);
    first.drain();
    slow.resolve();
    const second = fleet.start();
    await drained(fleet, first);
    expect(first.bots.all).toEqual([]);
    expect(second.bots.of('lobby').running()).toBe(true);
    expect(fleet.leases.row('lobby')).toMatchObject({ crashes: 0 });
  });

  it('tries a handover again until its time is over, and hands the message back then', async () => {
    const { clock, first, fleet } = await openWithRoom();
    const bot = first.bots.of('lobby');
    bot.failPreparing(NO_SAVE);
    first.drain();
    await clock.live(10_000);
    expect(bot.asked.length).toBeGreaterThan(2);
    expect([bot.running(), fleet.queue.held()[0]?.inFlight]).toEqual([true, true]);
    await clock.live(51_000);
    await first.done;
    expect(bot.asked.at(-1)).toBe('leave drain');
    expect(fleet.queue.held()).toMatchObject([{ inFlight: false }]);
    const second = fleet.start();
    await clock.live(1_000);
    expect(second.bots.of('lobby').start.arrival).toBe('takeover');
    expect(fleet.leases.row('lobby')).toMatchObject({ crashes: 0 });
  });

  it('lets a talk go on whose successor the queue did not take, and sends it again', async () => {
    const { clock, first, fleet } = await openWithRoom();
    const bot = first.bots.of('lobby');
    fleet.queue.fail('send', AWAY, { lost: true });
    first.drain();
    await clock.live(400);
    expect([bot.adoptions(), bot.status().phase]).toEqual([1, 'talking']);
    await clock.live(2_000);
    expect(bot.status().phase).toBe('handing-over');
    expect(fleet.queue.held()).toMatchObject([{ inFlight: false }]);
  });

  it('that dies between the successor and the deletion leaves both: the old one comes first', async () => {
    const { clock, first, fleet, leases } = await openWithRoom();
    first.process.dieBefore('delete');
    first.drain();
    await clock.live(1_000);
    expect(fleet.queue.held()).toHaveLength(2);
    const second = fleet.start();
    await clock.live(V);
    expect(second.bots.all.map(({ start }) => start.arrival)).toEqual(['takeover']);
    expect(leases.row('lobby')).toMatchObject({ epoch: 2, generation: 0 });
    second.bots.of('lobby').end({ kind: 'left', reason: 'idle' });
    await clock.live(1_000);
    expect([second.settled(), fleet.queue.held(), second.bots.all.length]).toEqual([
      ['ended'],
      [],
      1,
    ]);
  });

  it('asks nothing of a bot that leaves meanwhile', async () => {
    const { clock, first, fleet } = await openWithRoom();
    const bot = first.bots.of('lobby');
    first.drain();
    bot.end({ kind: 'left', reason: 'idle' });
    await clock.live(1_000);
    expect([bot.asked, fleet.queue.held()]).toEqual([[], []]);
  });

  it('deletes the old message later when the queue refuses it just now', async () => {
    const { clock, first, fleet } = await openWithRoom();
    fleet.queue.fail('delete', AWAY, { times: 2 });
    first.drain();
    await clock.live(3_000);
    const bodies = fleet.queue.held().map(({ body }) => parseActivation(body));
    expect(bodies).toMatchObject([{ activation: { generation: 1 } }]);
  });

  it('drains rooms that were handed on to it while it was full of others', async () => {
    const { clock, first, fleet } = await openWithRoom();
    const second = fleet.start();
    await drained(fleet, first);
    const third = fleet.start();
    await drained(fleet, second);
    expect(third.bots.of('lobby').start.arrival).toBe('handover');
    expect(fleet.leases.row('lobby')).toMatchObject({ epoch: 3, generation: 2 });
    await clock.live(V);
    expect(fleet.running()).toEqual(['lobby']);
  });

  it('ends once, however often it is told to, and tells how it went', async () => {
    const { first, fleet } = await openWithRoom();
    fleet.start();
    first.drain();
    await drained(fleet, first);
    first.stop();
    const told = first.told.filter(({ type }) => type.startsWith('drain'));
    expect(told).toEqual([
      { type: 'drain-started', running: 1 },
      { type: 'drain-ended', running: 0, forced: false },
    ]);
  });

  it('waits for no bot that hangs: it is silenced, and its message handed back', async () => {
    const { clock, first, fleet } = await openWithRoom();
    const bot = first.bots.of('lobby');
    bot.failPreparing(NO_SAVE);
    bot.hang();
    first.drain();
    await clock.live(67_000);
    await first.done;
    expect(bot.start.lease.lost.aborted).toBe(true);
    expect(fleet.queue.held()).toMatchObject([{ inFlight: false }]);
  });
});

/** Drains; the longest that a poll may run is 20 s. */
async function drained({ clock }: Fleet, worker: FleetWorker): Promise<void> {
  worker.drain();
  await clock.live(20_000);
  await worker.done;
}
