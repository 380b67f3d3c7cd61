import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { TroupeError } from '../../src/errors.ts';
import type { ErrorDetails } from '../../src/errors.ts';
import type { BotOutcome } from '../../src/ports/bot.ts';
import { tryUnderLease } from '../../src/worker/failure.ts';
import { makeLookUps } from '../../src/worker/look-ups.ts';
import type { Recovery } from '../../src/worker/recovery.ts';
import { V, openFleet } from './fleet.ts';
import { openHeldLeases } from './held-leases.ts';

const HOUR = 3_600_000;
const LIVEKIT = { fault: 'fleet', service: 'livekit' } as const;
const DATABASE = { fault: 'fleet', service: 'database' } as const;
const UNKNOWN = { kind: 'not-found', fault: 'room', service: 'database' } as const;

describe('a bot that fails by no fault of its room', () => {
  it.each([
    ['LiveKit is away', { kind: 'unavailable', ...LIVEKIT }],
    ['LiveKit refuses the key', { kind: 'auth', ...LIVEKIT }],
    ['the database refuses the key', { kind: 'auth', ...DATABASE }],
    ['the migrations did not run', { kind: 'not-ready', ...DATABASE }],
    ['the database is slow', { kind: 'timeout', ...DATABASE }],
  ] as const)(
    'is tried for a while when %s, then left to whoever gets there; nothing is received for an hour',
    async (_w, details) => {
      const fleet = openFleet();
      let away = true;
      const probe = async (): Promise<void> => {
        if (away) throw errorOf(details);
      };
      const worker = fleet.start({}, { livekit: probe, database: probe });
      worker.bots.onStart((bot) => (away ? bot.end(failed(details)) : bot.talk()));
      await fleet.ask('lobby');
      await fleet.clock.live(1_000);
      expect(worker.notReady()).toEqual([`${details.service}: ${errorOf(details).message}`]);
      await fleet.ask('other');
      await fleet.clock.live(HOUR);
      const [mine, waiting] = fleet.queue.held();
      expect(mine).toMatchObject({ inFlight: false, receiveCount: 1 });
      expect(waiting?.receiveCount).toBeLessThan(2);
      away = false;
      await fleet.clock.live(60_000);
      expect([worker.notReady(), [...fleet.running()].sort()]).toEqual([[], ['lobby', 'other']]);
      expect([fleet.queue.dead, fleet.leases.row('lobby')?.crashes]).toEqual([[], 0]);
    },
  );

  it('is tried ever more seldom while the probe says that all is well', async () => {
    const fleet = openFleet();
    const worker = fleet.start({}, { livekit: async () => undefined });
    worker.bots.onStart((bot) => bot.end(failed({ kind: 'unavailable', ...LIVEKIT })));
    await fleet.ask('lobby');
    await fleet.clock.live(V / 6);
    const early = worker.bots.all.length;
    expect(early).toBeGreaterThan(3);
    await fleet.clock.live((4 * V) / 6);
    expect(worker.bots.all.length - early).toBeLessThan(2 * early);
    expect(fleet.queue.held()).toMatchObject([{ inFlight: true, receiveCount: 1 }]);
  });

  it('goes on with its talk if it was in the room, else arrives as it was to', async () => {
    const fleet = openFleet();
    const worker = fleet.start();
    const away = failed({ kind: 'unavailable', ...LIVEKIT });
    worker.bots.onStart((bot) => bot.end(away));
    await fleet.ask('lobby');
    await fleet.clock.live(100);
    worker.bots.onStart((bot) => bot.talk());
    await fleet.clock.live(1_000);
    worker.bots.of('lobby').end(away);
    await fleet.clock.live(1_000);
    const arrivals = worker.bots.all.map(({ start }) => start.arrival);
    expect(arrivals).toEqual(['fresh', 'fresh', 'takeover']);
  });

  it('and by what no probe explains, is offered to others after a minute, for hours', async () => {
    const fleet = openFleet();
    const details = { kind: 'rejected', ...LIVEKIT } as const;
    const worker = fleet.start({ maxRooms: 1 }, { livekit: async () => undefined });
    worker.bots.onStart((bot) => bot.end(failed(details)));
    await fleet.ask('lobby');
    await fleet.clock.live(HOUR);
    const receives = fleet.queue.held()[0]?.receiveCount;
    expect([receives! > 20, receives! < 100]).toEqual([true, true]);
    expect([fleet.queue.dead, fleet.leases.row('lobby')?.crashes]).toEqual([[], 0]);
  });

  it('is left at once to others by a worker that drains', async () => {
    const fleet = openFleet();
    const details = { kind: 'unavailable', ...LIVEKIT } as const;
    const worker = fleet.start({}, { livekit: () => Promise.reject(errorOf(details)) });
    worker.bots.onStart((bot) => bot.end(failed(details)));
    await fleet.ask('lobby');
    await fleet.clock.live(V);
    worker.drain();
    await fleet.clock.live(100);
    await worker.done;
    expect(fleet.queue.held()).toMatchObject([{ inFlight: false }]);
  });

  it('is not tried again once the room is another’s', async () => {
    const fleet = openFleet();
    let away = true;
    const probe = () => (away ? Promise.reject(errorOf({ kind: 'auth', ...LIVEKIT })) : OK);
    const worker = fleet.start({}, { livekit: probe });
    worker.bots.onStart((bot) => bot.end(failed({ kind: 'auth', ...LIVEKIT })));
    await fleet.ask('lobby');
    await fleet.clock.live(V);
    const before = worker.bots.all.length;
    await fleet.leases.endSession('lobby');
    await fleet.clock.live(25_000);
    away = false;
    await fleet.clock.live(V);
    expect([worker.bots.all.length, worker.status().rooms]).toEqual([before, []]);
  });
});

describe('an acquisition that fails', () => {
  it('waits for the database, and is left to whoever gets there first', async () => {
    const fleet = openFleet();
    const error = errorOf({ kind: 'unavailable', ...DATABASE });
    fleet.leases.failWith(error);
    let away = true;
    const worker = fleet.start({}, { database: () => (away ? Promise.reject(error) : OK) });
    await fleet.ask('lobby');
    await fleet.clock.live(HOUR);
    expect(fleet.queue.held()).toMatchObject([{ inFlight: false, receiveCount: 1 }]);
    away = false;
    fleet.leases.failWith(undefined);
    await fleet.clock.live(30_000);
    expect(worker.bots.of('lobby').start.arrival).toBe('fresh');
  });

  it('by a value that the database cannot take goes to the dead letters', async () => {
    const fleet = openFleet();
    fleet.leases.failWith(errorOf({ kind: 'rejected', fault: 'room', service: 'database' }));
    const worker = fleet.start();
    await fleet.ask('lobby');
    await fleet.clock.live(1_000);
    expect([worker.settled(), fleet.queue.dead.length, fleet.queue.held()]).toEqual([
      ['malformed'],
      1,
      [],
    ]);
  });
});

describe('a row that is missing', () => {
  it('a moment after it was asked for is looked for again', async () => {
    const fleet = openFleet();
    const worker = fleet.start();
    worker.bots.onStart((bot) => bot.end(failed({ ...UNKNOWN, retryable: true })));
    await fleet.ask('lobby');
    await fleet.clock.live(9_000);
    expect(worker.bots.all).toHaveLength(5);
    worker.bots.onStart((bot) => bot.talk());
    await fleet.clock.live(2_000);
    expect(fleet.running()).toEqual(['lobby']);
  });

  it('is believed only of a database that proves its role', async () => {
    const fleet = openFleet();
    let wrongKey = true;
    const database = () => (wrongKey ? Promise.reject(errorOf({ kind: 'auth', ...DATABASE })) : OK);
    const worker = fleet.start({}, { database });
    worker.bots.onStart((bot) => bot.end(failed(UNKNOWN)));
    await fleet.ask('lobby');
    await fleet.clock.live(1_000);
    expect(worker.notReady()).toEqual(['database: a test: auth of database']);
    await fleet.clock.live(HOUR);
    expect([fleet.queue.dead, worker.bots.all.length]).toEqual([[], 1]);
    expect(fleet.queue.held()).toMatchObject([{ inFlight: false, receiveCount: 1 }]);
    wrongKey = false;
    worker.bots.onStart((bot) => bot.talk());
    await fleet.clock.live(60_000);
    expect(fleet.running()).toEqual(['lobby']);
  });

  it('for three rooms in a row stops receiving until the check succeeds, and is looked for again', async () => {
    const fleet = openFleet();
    let checks = 0;
    const worker = fleet.start({}, { database: async () => void (checks += 1) });
    worker.bots.onStart((bot) => bot.end(failed(UNKNOWN)));
    for (const room of ['a', 'b']) await fleet.ask(room);
    await fleet.clock.live(100);
    expect([fleet.queue.dead.length, checks, worker.notReady()]).toEqual([2, 2, []]);
    worker.bots.onStart((bot) => (bot.room === 'c' ? bot.end(failed(UNKNOWN)) : bot.talk()));
    await fleet.ask('c');
    await fleet.clock.live(100);
    expect(worker.notReady()).toEqual([expect.stringContaining('several rooms in a row')]);
    worker.bots.onStart((bot) => bot.talk());
    await fleet.clock.live(1_000);
    expect([fleet.running(), fleet.queue.dead.length, checks]).toEqual([['c'], 2, 3]);
    expect(worker.notReady()).toEqual([]);
  });

  it('for three rooms is their own trouble when others were found in between', async () => {
    const fleet = openFleet();
    const worker = fleet.start({}, { database: () => OK });
    worker.bots.onStart((bot) =>
      bot.end(bot.room === 'found' ? { kind: 'left', reason: 'idle' } : failed(UNKNOWN)),
    );
    for (const room of ['a', 'b', 'found', 'c', 'd']) {
      await fleet.ask(room);
      await fleet.clock.live(100);
    }
    expect(fleet.queue.dead).toHaveLength(4);
    expect(worker.told.some(({ type }) => type === 'receiving-paused')).toBe(false);
  });
});

describe('trying under a lease', () => {
  it('leaves nothing on the worker’s signal, and throws what is no error of ours', async () => {
    const { clock, hold } = openHeldLeases();
    const lease = await hold('lobby');
    const draining = new AbortController();
    const recovery: Recovery = { recovered: async () => undefined, trouble: async () => undefined };
    const deps = {
      clock,
      recovery,
      lookUps: makeLookUps(),
      random: () => 0.5,
      draining: draining.signal,
    };
    let tries = 0;
    const work = async (): Promise<number> => {
      tries += 1;
      if (tries < 4) throw errorOf({ kind: 'unavailable', ...LIVEKIT });
      return tries;
    };
    const tried = tryUnderLease(deps, lease, work);
    await clock.live(10_000);
    expect(await tried).toEqual({ kind: 'done', value: 4 });
    const broken = tryUnderLease(deps, lease, () => Promise.reject(new RangeError('a defect')));
    await expect(broken).rejects.toThrow('a defect');
    expect(getEventListeners(draining.signal, 'abort')).toEqual([]);
    expect(getEventListeners(lease.lost, 'abort')).toEqual([]);
  });
});

const OK = Promise.resolve();

function errorOf(details: ErrorDetails): TroupeError {
  return new TroupeError(`a test: ${details.kind} of ${details.service}`, details);
}

function failed(details: ErrorDetails): BotOutcome {
  return { kind: 'failed', error: errorOf(details) };
}
