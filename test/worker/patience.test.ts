import { describe, expect, it } from 'vitest';
import { TroupeError } from '../../src/errors.ts';
import { leaseTimes } from '../../src/worker/lease-times.ts';
import { openPatience, patienceMs } from '../../src/worker/patience.ts';
import { openHandClock } from '../support/hand-clock.ts';
import { V, openFleet } from './fleet.ts';
import type { FleetWorker } from './fleet.ts';

const HOUR = 3_600_000;
const AWAY = new TroupeError('a test: LiveKit is away', {
  kind: 'unavailable',
  fault: 'fleet',
  service: 'livekit',
});
const away = (): Promise<void> => Promise.reject(AWAY);
const well = async (): Promise<void> => undefined;

describe('a worker whose bots alone cannot get into their rooms', () => {
  it('gives a room that it never reached to another after V, at once and as no crash', async () => {
    const fleet = openFleet();
    const cutOff = fleet.start({}, { livekit: away });
    keepOut(cutOff);
    await fleet.ask('lobby');
    await fleet.clock.live(1_000);
    const heir = fleet.start({}, { livekit: well });
    await fleet.clock.live(V - 2_000);
    expect(heir.bots.all).toEqual([]);
    await fleet.clock.live(2_000);
    expect(heir.bots.of('lobby').start.arrival).toBe('takeover');
    expect(fleet.leases.row('lobby')).toMatchObject({ epoch: 2, crashes: 0 });
    expect(cutOff.status().rooms).toEqual([]);
  });

  it('gives a room about which its database owes it an answer to another, soon after V', async () => {
    const fleet = openFleet();
    const cutOff = fleet.start({}, { database: away });
    cutOff.process.holdUp('acquire');
    await fleet.ask('lobby');
    await fleet.clock.live(1_000);
    const heir = fleet.start();
    await fleet.clock.live(V);
    expect(heir.bots.all).toEqual([]);
    await fleet.clock.live(2_000);
    expect(heir.bots.of('lobby').running()).toBe(true);
    expect(cutOff.settled()).toEqual(['not-acquired']);
  });

  it('gives a talk whose path broke to another after V, and receives nothing meanwhile', async () => {
    const fleet = openFleet();
    let livekit = well;
    const cutOff = fleet.start({}, { livekit: () => livekit() });
    await fleet.ask('lobby');
    await fleet.clock.live(1_000);
    const heir = fleet.start({}, { livekit: well });
    livekit = away;
    cutOff.bots.of('lobby').start.lease.present(false);
    expect(cutOff.notReady()).toEqual(['livekit: the path to room lobby is broken']);
    await fleet.clock.live(V - 1_000);
    expect(heir.bots.all).toEqual([]);
    await fleet.clock.live(2_000);
    expect(cutOff.bots.of('lobby').asked).toEqual(['leave drain']);
    expect(heir.bots.of('lobby').running()).toBe(true);
    expect(fleet.leases.row('lobby')).toMatchObject({ epoch: 2, crashes: 0 });
  });

  it('keeps a room whose path comes back in time', async () => {
    const fleet = openFleet();
    const worker = fleet.start({}, { livekit: well });
    await fleet.ask('lobby');
    await fleet.clock.live(1_000);
    const bot = worker.bots.of('lobby');
    for (let broken = 0; broken < 3; broken += 1) {
      bot.start.lease.present(false);
      await fleet.clock.live(V - 1_000);
      bot.start.lease.present(true);
      await fleet.clock.live(V);
    }
    expect([bot.running(), worker.bots.all.length]).toEqual([true, 1]);
  });
});

describe('LiveKit out of every worker’s reach for an hour', () => {
  it('lets each worker try once, and then the room waits where it is', async () => {
    const fleet = openFleet();
    let livekit = away;
    const workers = [1, 2, 3].map(() => fleet.start({}, { livekit: () => livekit() }));
    workers.forEach(keepOut);
    await fleet.ask('lobby');
    await fleet.clock.live(HOUR);
    expect(fleet.queue.held()).toMatchObject([{ inFlight: false, receiveCount: 3 }]);
    livekit = well;
    workers.forEach(({ bots }) => bots.onStart((bot) => bot.talk()));
    await fleet.clock.live(20_000);
    expect(fleet.running()).toEqual(['lobby']);
    expect([fleet.leases.row('lobby')?.crashes, fleet.queue.dead]).toEqual([0, []]);
  });

  it('moves a room ever more seldom where the probe does not see the trouble', async () => {
    const fleet = openFleet();
    for (const _ of [1, 2]) keepOut(fleet.start({}, { livekit: well }));
    await fleet.ask('lobby');
    await fleet.clock.live(HOUR);
    const [message] = fleet.queue.held();
    // After 1, 3 and 7 minutes, then every 8.
    expect(message?.receiveCount).toBe(10);
    expect([fleet.leases.row('lobby')?.crashes, fleet.queue.dead]).toEqual([0, []]);
  });
});

describe('patience', () => {
  it('doubles with each receive, up to eight times V', () => {
    const times = leaseTimes(V);
    const inV = [1, 2, 3, 4, 5, 90].map((receives) => patienceMs(times, receives) / V);
    expect(inV).toEqual([1, 2, 4, 8, 8, 8]);
  });

  it('runs once more while the message is not ours, and not at all once it is closed', async () => {
    const clock = openHandClock();
    let ours = false;
    using patience = openPatience(clock, 1_000, () => ours);
    patience.present(false);
    await clock.live(1_500);
    ours = true;
    expect(patience.over.aborted).toBe(false);
    await clock.live(500);
    expect(patience.over.aborted).toBe(true);
    const closed = openPatience(clock, 1_000, () => true);
    closed.present(false);
    closed[Symbol.dispose]();
    await clock.live(2_000);
    expect(closed.over.aborted).toBe(false);
  });
});

function keepOut(worker: FleetWorker): void {
  worker.bots.onStart((bot) => bot.end({ kind: 'failed', error: AWAY }));
}
