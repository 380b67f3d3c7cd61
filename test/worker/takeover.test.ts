import { describe, expect, it } from 'vitest';
import { TroupeError } from '../../src/errors.ts';
import { V, openFleet } from './fleet.ts';

const IDLE = { kind: 'left', reason: 'idle' } as const;
const AWAY = new TroupeError('away', { kind: 'unavailable', fault: 'fleet', service: 'queue' });

describe('when a worker dies', () => {
  it('another goes on with its room within V, and the crash is counted', async () => {
    const { ask, clock, leases, queue, start } = openFleet();
    const first = start();
    await ask('lobby');
    await clock.live(10 * V);
    first.process.kill();
    const second = start();
    await clock.live(V);
    expect(second.bots.of('lobby').start).toMatchObject({ arrival: 'takeover', requestedAt: 0 });
    expect(leases.row('lobby')).toMatchObject({ epoch: 2, crashes: 1, worker: 'worker-2' });
    expect(queue.held()).toMatchObject([{ receiveCount: 2, inFlight: true }]);
    await clock.live(V + 1_000);
    expect(leases.row('lobby')).toMatchObject({ crashes: 0 });
  });

  it('before it has answered for a start, another serves that', async () => {
    const { ask, clock, running, start } = openFleet();
    const first = start();
    first.process.dieBefore('acquire');
    await ask('lobby');
    await clock.live(1_000);
    const second = start();
    await clock.live(V);
    expect([running(), second.bots.of('lobby').start.arrival]).toEqual([['lobby'], 'fresh']);
  });

  it('after it was granted and before it knew, that is no crash', async () => {
    const { ask, clock, leases, running, start } = openFleet();
    const first = start();
    await ask('lobby');
    await clock.live(1_000);
    first.bots.of('lobby').end(IDLE);
    first.process.dieBefore('delete');
    await clock.live(1_000);
    const second = start();
    await clock.live(2 * V);
    expect([running(), second.settled()]).toEqual([[], ['duplicate']]);
    expect(leases.row('lobby')).toMatchObject({ status: 'left', crashes: 0 });
  });

  it('over five times, the room goes to the dead letters, and a later start is served', async () => {
    const { ask, clock, leases, queue, running, start } = openFleet();
    await ask('lobby');
    for (let crash = 0; crash < 6; crash += 1) {
      const worker = start();
      await clock.live(V + 1_000);
      expect(worker.bots.all).toHaveLength(1);
      worker.process.kill();
    }
    const last = start();
    await clock.live(V + 1_000);
    expect([running(), last.settled(), queue.held()]).toEqual([[], ['poisoned'], []]);
    expect(queue.dead).toMatchObject([{ reason: expect.stringContaining('lobby crashed') }]);
    expect(leases.row('lobby')).toMatchObject({ status: 'failed' });
    await ask('lobby');
    await clock.live(1_000);
    expect(last.bots.of('lobby').start.arrival).toBe('fresh');
  });
});

describe('a worker that slept', () => {
  it('does not steal the lease back: nothing is touched', async () => {
    const { ask, clock, leases, queue, start } = openFleet();
    const first = start();
    const asleep = first.process.holdUp('acquire');
    await ask('lobby');
    await clock.live(1_000);
    first.process.cut(true);
    const second = start();
    await clock.live(V);
    expect(second.bots.of('lobby').running()).toBe(true);
    asleep.resolve();
    await clock.live(10_000);
    expect(first.bots.all).toEqual([]);
    expect(first.settled()).toEqual(['stalled']);
    expect(leases.row('lobby')).toMatchObject({ epoch: 1, worker: 'worker-2' });
    await clock.live(2 * V);
    expect(queue.held()).toMatchObject([{ inFlight: true, receiveCount: 2 }]);
  });
});

describe('a worker that is cut off from the queue', () => {
  it('goes on while nobody else has the room, and leaves when another has', async () => {
    const { ask, clock, leases, start } = openFleet();
    const first = start();
    await ask('lobby');
    await clock.live(1_000);
    const bot = first.bots.of('lobby');
    first.process.cut(true);
    for (let second = 0; second < 300; second += 1) {
      await clock.live(1_000);
      expect([second, bot.start.lease.mayPublish()]).toEqual([second, true]);
    }
    const other = start();
    await clock.live(1_000);
    expect(other.bots.of('lobby').start.arrival).toBe('takeover');
    expect(bot.running()).toBe(false);
    expect(leases.row('lobby')).toMatchObject({ crashes: 0 });
    expect(other.bots.of('lobby').running()).toBe(true);
  });

  it('adopts its own message in place when it reaches the queue again first', async () => {
    const { ask, clock, leases, queue, start } = openFleet();
    const worker = start();
    await ask('lobby');
    await clock.live(1_000);
    const bot = worker.bots.of('lobby');
    worker.process.cut(true);
    await clock.live(3 * V);
    worker.process.cut(false);
    await clock.live(25_000);
    expect([worker.bots.all.length, bot.running(), bot.adoptions()]).toEqual([1, true, 1]);
    expect(worker.settled()).toEqual(['adopted']);
    expect(leases.row('lobby')).toMatchObject({ epoch: 2, crashes: 0 });
    await clock.live(5 * V);
    expect(bot.start.lease.mayPublish()).toBe(true);
    expect(queue.held()).toMatchObject([{ inFlight: true, receiveCount: 2 }]);
    bot.end(IDLE);
    await clock.live(1_000);
    expect([queue.held(), leases.row('lobby')?.status]).toEqual([[], 'left']);
    expect(worker.status().rooms).toEqual([]);
  });

  it('adopts with a lease as young as the beats of the newer message', async () => {
    const { ask, clock, leases, start } = openFleet();
    const worker = start({}, { database: () => Promise.reject(AWAY) });
    await ask('lobby');
    await clock.live(1_000);
    const bot = worker.bots.of('lobby');
    worker.process.cut(true);
    await clock.live(2 * V);
    worker.process.cut(false);
    const slow = worker.process.holdUp('acquire');
    await clock.live(2 * V);
    slow.resolve();
    await clock.live(100);
    expect([bot.adoptions(), bot.start.lease.mayPublish()]).toEqual([1, true]);
    expect(leases.row('lobby')).toMatchObject({ status: 'live', epoch: 2 });
  });

  it('counts a refused write only for its epoch, once it was adopted', async () => {
    const { ask, clock, start } = openFleet();
    const worker = start();
    await ask('lobby');
    await clock.live(1_000);
    worker.process.cut(true);
    await clock.live(2 * V);
    worker.process.cut(false);
    await clock.live(25_000);
    const { lease } = worker.bots.of('lobby').start;
    lease.refused(1);
    expect(lease.lost.aborted).toBe(false);
    lease.refused(2);
    expect(lease.lost.aborted).toBe(true);
  });

  it('starts another bot where the first is leaving', async () => {
    const { ask, clock, leases, start } = openFleet();
    const worker = start();
    await ask('lobby');
    await clock.live(1_000);
    worker.process.cut(true);
    await clock.live(2 * V);
    const leaving = worker.process.holdUp('markLeft');
    worker.bots.of('lobby').end(IDLE);
    worker.process.cut(false);
    await clock.live(25_000);
    leaving.resolve();
    await clock.live(1_000);
    expect(worker.bots.all.map((bot) => bot.running())).toEqual([false, true]);
    expect(worker.status().rooms).toMatchObject([{ room: 'lobby', epoch: 2, phase: 'talking' }]);
    expect(leases.row('lobby')).toMatchObject({ status: 'live', epoch: 2 });
    const why = 'the room was given to another bot of this worker';
    expect(worker.told).toContainEqual(expect.objectContaining({ type: 'lease-lost', why }));
  });

  it('starts another bot for another session', async () => {
    const { ask, clock, leases, start } = openFleet();
    const worker = start();
    await ask('lobby', { session: 'one' });
    await clock.live(1_000);
    worker.process.cut(true);
    await clock.live(2 * V);
    // Nobody has told the bot yet.
    leases.holds = async (held) => new Set(held.map(({ room }) => room));
    leases.fenced = async () => new Set();
    await leases.endSession('one');
    await ask('lobby', { session: 'two' });
    worker.process.cut(false);
    await clock.live(25_000);
    expect(worker.bots.all.map((bot) => [bot.session, bot.running(), bot.adoptions()])).toEqual([
      ['one', false, 0],
      ['two', true, 0],
    ]);
  });
});

describe('while the queue is away for two minutes', () => {
  it('talks go on, a dead worker’s room is taken over after it, consumption resumes', async () => {
    const { ask, clock, queue, running, start } = openFleet();
    const [first, second] = [start({ maxRooms: 1 }), start({ maxRooms: 1 })];
    await ask('one');
    await ask('two');
    await clock.live(1_000);
    const dying = [first, second].find(({ bots }) => bots.all[0]?.room === 'one');
    for (const call of ['receive', 'changeVisibility', 'delete', 'send'] as const) {
      queue.fail(call, AWAY, { times: Infinity });
    }
    await clock.live(20_000);
    dying?.process.kill();
    await clock.live(100_000);
    expect(running()).toEqual(['two']);
    queue.heal();
    const third = start();
    await clock.live(30_000);
    expect([...running()].sort()).toEqual(['one', 'two']);
    await ask('three');
    await clock.live(1_000);
    expect(third.bots.of('three').running()).toBe(true);
    const all = [first, second, third].flatMap(({ bots }) => bots.all);
    expect(all.filter((bot) => bot.room === 'two' && bot.running())).toHaveLength(1);
  });

  it('one worker says that it is not ready, and takes it back', async () => {
    const { clock, queue, start } = openFleet();
    const worker = start();
    await clock.live(1_000);
    expect(worker.notReady()).toEqual([]);
    queue.fail('receive', AWAY, { times: Infinity });
    await clock.live(30_000);
    expect(worker.notReady()).toEqual(['away']);
    queue.heal();
    await clock.live(40_000);
    expect(worker.notReady()).toEqual([]);
  });
});
