import { describe, expect, it } from 'vitest';
import { TroupeError } from '../../src/errors.ts';
import { openFleet } from './fleet.ts';
import type { Fleet } from './fleet.ts';

const HOUR = 3_600_000;
const NO_SAVE = new TroupeError('no', { kind: 'timeout', fault: 'fleet', service: 'database' });

/** Lets a day pass in strides: nobody is to watch every beat. */
async function pass({ clock }: Fleet, hours: number): Promise<void> {
  await clock.live(hours * HOUR);
}

describe('an old lease', () => {
  it('gets a new message after eight hours, adopted in place, when there is a place', async () => {
    const fleet = openFleet();
    const worker = fleet.start({ maxRooms: 2 });
    await fleet.ask('lobby');
    await pass(fleet, 7.99);
    expect(fleet.leases.row('lobby')?.epoch).toBe(1);
    await pass(fleet, 0.05);
    const bot = worker.bots.of('lobby');
    expect([worker.bots.all.length, bot.running(), bot.adoptions()]).toEqual([1, true, 1]);
    expect(fleet.leases.row('lobby')).toMatchObject({ epoch: 2, generation: 1, crashes: 0 });
    expect(fleet.queue.held()).toMatchObject([{ inFlight: true, receiveCount: 1 }]);
    expect(worker.status().rooms[0]?.leaseAgeMs).toBeLessThan(0.1 * HOUR);
    await pass(fleet, 13);
    expect([worker.bots.all.length, bot.running(), bot.adoptions()]).toEqual([1, true, 2]);
  });

  it('waits in a full worker until eleven and a half, then goes to whoever has a place', async () => {
    const fleet = openFleet();
    const full = fleet.start({ maxRooms: 1 });
    await fleet.ask('lobby');
    await pass(fleet, 11.49);
    expect(full.bots.of('lobby').asked).toEqual([]);
    const other = fleet.start();
    await pass(fleet, 0.02);
    expect(other.bots.of('lobby').start.arrival).toBe('handover');
    expect(full.bots.of('lobby').running()).toBe(false);
    expect(fleet.leases.row('lobby')).toMatchObject({ epoch: 2, generation: 1 });
  });

  it('is served on by the full worker as long as nobody has a place', async () => {
    const fleet = openFleet();
    const full = fleet.start({ maxRooms: 1 });
    await fleet.ask('lobby');
    await pass(fleet, 14);
    const bot = full.bots.of('lobby');
    expect([bot.running(), bot.start.lease.mayPublish()]).toEqual([true, true]);
    expect(fleet.queue.held()).toMatchObject([{ inFlight: false, receiveCount: 0 }]);
  });

  it('is rolled over one at a look', async () => {
    const fleet = openFleet();
    fleet.start({ maxRooms: 4 });
    const rooms = ['a', 'b', 'c'];
    for (const room of rooms) await fleet.ask(room);
    await pass(fleet, 8);
    const moved: number[] = [];
    for (let look = 0; look < 4; look += 1) {
      moved.push(rooms.filter((room) => fleet.leases.row(room)?.epoch === 2).length);
      await fleet.clock.live(10_000);
    }
    expect(moved).toEqual([1, 2, 3, 3]);
  });

  it('is rolled over by age, and one that cannot be holds up no other', async () => {
    const fleet = openFleet();
    const worker = fleet.start({ maxRooms: 4 });
    for (const room of ['a', 'b', 'c']) {
      await fleet.ask(room);
      await fleet.clock.live(1_000);
    }
    worker.bots.of('a').failPreparing(NO_SAVE);
    await pass(fleet, 7.99);
    await fleet.clock.live(70_000);
    const epochs = () => ['a', 'b', 'c'].map((room) => fleet.leases.row(room)?.epoch);
    expect(epochs()).toEqual([1, 2, 2]);
    expect(worker.told).toContainEqual({
      type: 'handover-failed',
      room: 'a',
      session: 'a',
      error: NO_SAVE,
    });
    worker.bots.of('a').failPreparing(undefined);
    await fleet.clock.live(20_000);
    expect(epochs()).toEqual([2, 2, 2]);
  });

  it('moves every room before twelve hours are over, however many there are', async () => {
    const fleet = openFleet();
    fleet.start({ maxRooms: 20 });
    for (let at = 0; at < 20; at += 1) await fleet.ask(`room-${at}`);
    fleet.queue.fail('send', NO_SAVE, { times: Infinity });
    await pass(fleet, 11.4);
    fleet.queue.heal();
    fleet.start({ maxRooms: 20 });
    await pass(fleet, 0.2);
    const epochs = Array.from({ length: 20 }, (_none, at) => fleet.leases.row(`room-${at}`)?.epoch);
    expect(epochs.filter((epoch) => epoch === 2)).toHaveLength(20);
  });
});

describe('a worn worker', () => {
  it.each([
    ['rooms', { recycleAfterRooms: 2 }],
    ['memory', { recycleRssMb: 99 }],
  ])('drains when its %s are used up', async (_what, settings) => {
    const fleet = openFleet();
    const worker = fleet.start(settings);
    await fleet.ask('a');
    await fleet.ask('b');
    await fleet.clock.live(6_000);
    expect([worker.status().draining, worker.notReady()]).toEqual([true, ['draining']]);
    const next = fleet.start();
    await fleet.clock.live(30_000);
    await worker.done;
    expect(next.status().rooms).toHaveLength(2);
  });

  it('is none before that, and none where neither counts', async () => {
    const fleet = openFleet();
    const workers = [
      fleet.start({ recycleAfterRooms: 2, recycleRssMb: 100 }),
      fleet.start({ recycleAfterRooms: 0, recycleRssMb: 0 }),
    ];
    await fleet.ask('a');
    await fleet.clock.live(60_000);
    expect(workers.map((worker) => worker.status().draining)).toEqual([false, false]);
  });
});
