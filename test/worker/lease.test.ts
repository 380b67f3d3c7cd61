import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Observation } from '../../src/ports/observe.ts';
import { nowOn, openLease } from '../../src/worker/lease.ts';
import type { Lease } from '../../src/worker/lease.ts';
import { leaseTimes } from '../../src/worker/lease-times.ts';
import { openHandClock } from '../support/hand-clock.ts';
import type { HandClock } from '../support/hand-clock.ts';

/** At V = 60 s: trusted for 50 s, late after 45 s, a permit lasts 8 s. */
const TIMES = leaseTimes(60_000);

describe('a lease', () => {
  it('is trusted from the send time of its last good beat, and late five seconds before', () => {
    const { clock, lease } = open();
    clock.pass(44_999);
    expect(stateOf(lease)).toEqual({ publish: true, owned: true, late: false });
    clock.pass(1);
    expect(stateOf(lease)).toEqual({ publish: true, owned: true, late: true });
    clock.pass(4_999);
    expect(lease.mayPublish()).toBe(true);
    clock.pass(1);
    expect(stateOf(lease)).toEqual({ publish: false, owned: false, late: true });
  });

  it('counts a beat from its sending, not from its answer', () => {
    const { clock, lease } = open();
    clock.pass(20_000);
    const sentAt = nowOn(clock);
    clock.pass(3_000);
    lease.beaten(sentAt);
    clock.pass(46_999);
    expect(lease.mayPublish()).toBe(true);
    clock.pass(1);
    expect(lease.mayPublish()).toBe(false);
  });

  it('believes the wall’s clock when the monotonic one froze, and not when it is set back', () => {
    const { clock, lease } = open();
    clock.jumpWall(-3_600_000);
    clock.pass(49_999);
    expect(lease.owned()).toBe(true);
    lease.beaten(nowOn(clock));
    clock.jumpWall(50_000);
    expect(stateOf(lease)).toEqual({ publish: false, owned: false, late: true });
    lease.beaten(nowOn(clock));
    expect(lease.owned()).toBe(true);
  });

  it('may go on for eight seconds after the database was asked, but its message is not ours', () => {
    const { clock, lease } = open();
    clock.pass(52_000);
    lease.permitted(nowOn(clock));
    clock.pass(7_999);
    expect(stateOf(lease)).toEqual({ publish: true, owned: false, late: true });
    clock.pass(1);
    expect(lease.mayPublish()).toBe(false);
  });

  it('keeps the newest permit, in whatever order the answers come', () => {
    const { clock, lease } = open();
    clock.pass(52_000);
    const first = nowOn(clock);
    clock.pass(5_000);
    lease.permitted(nowOn(clock));
    lease.permitted(first);
    clock.pass(7_999);
    expect(lease.mayPublish()).toBe(true);
  });

  it('with a worthless receipt is nobody’s but by the database’s word', () => {
    const { clock, lease } = open();
    lease.expired();
    expect(stateOf(lease)).toEqual({ publish: false, owned: false, late: true });
    lease.permitted(nowOn(clock));
    expect(stateOf(lease)).toEqual({ publish: true, owned: false, late: true });
  });

  it('that was handed on still speaks, but has no message', () => {
    const { lease } = open();
    lease.handOn();
    expect(stateOf(lease)).toEqual({ publish: true, owned: false, late: false });
    expect(lease.handedOn()).toBe(true);
  });

  it('is lost once, for good, and says why', () => {
    const { lease, told } = open();
    lease.lose('because');
    lease.lose('again');
    lease.beaten({ monotonicMs: 0, wallMs: 0 });
    expect(stateOf(lease)).toEqual({ publish: false, owned: false, late: false });
    expect(lease.lost.reason).toMatchObject({ kind: 'lease-lost', fault: 'fleet' });
    expect(told).toEqual([
      { type: 'lease-lost', room: 'lobby', session: 'talk', epoch: 3, why: 'because' },
    ]);
  });

  it('is lost by a refused write only under its current epoch', () => {
    const { lease } = open();
    lease.refused(2);
    expect(lease.lost.aborted).toBe(false);
    lease.refused(3);
    expect(lease.lost.aborted).toBe(true);
  });

  it('that was handed on is not lost by a refused write, only by the successor in the room', () => {
    const { lease } = open();
    lease.handOn();
    lease.refused(3);
    expect(lease.lost.aborted).toBe(false);
  });

  it('whose bot has left is not lost by a refused write', () => {
    const { lease } = open();
    lease.leave();
    lease.refused(3);
    expect(lease.lost.aborted).toBe(false);
  });

  it('that is adopted goes on under the newer message and epoch', () => {
    const { clock, lease } = open();
    lease.handOn();
    clock.pass(30_000);
    const beatenAt = nowOn(clock);
    const receipt = { handle: 'newer', groupId: 'other' };
    lease.adopt(
      { receipt, takenAt: beatenAt, beatenAt },
      { epoch: 4, generation: 1, joined: false },
    );
    clock.pass(40_000);
    expect(stateOf(lease)).toEqual({ publish: true, owned: true, late: false });
    expect(lease.held()).toEqual({ room: 'lobby', epoch: 4 });
    expect([lease.generation(), lease.ageMs(), lease.handedOn()]).toEqual([1, 40_000, false]);
    expect(lease.flight().receipt).toBe(receipt);
    lease.refused(3);
    expect(lease.lost.aborted).toBe(false);
  });
});

describe('asking the database for a lease', () => {
  it('lets it go on when it is held', async () => {
    const { clock, lease } = open(async () => new Set(['lobby']));
    clock.pass(60_000);
    expect(await lease.confirm()).toBe(true);
    expect(lease.mayPublish()).toBe(true);
  });

  it('loses it when it is not', async () => {
    const { lease } = open(async () => new Set());
    expect(await lease.confirm()).toBe(false);
    expect(lease.lost.aborted).toBe(true);
  });

  it('is no news when it was adopted meanwhile', async () => {
    const answer = Promise.withResolvers<ReadonlySet<string>>();
    const { lease } = open(() => answer.promise);
    const confirmed = lease.confirm();
    lease.adopt(lease.flight(), { epoch: 4, generation: 1, joined: false });
    answer.resolve(new Set());
    expect(await confirmed).toBe(true);
  });

  it('is needless before it was granted and after it was lost', async () => {
    const { clock, lease } = open(() => Promise.reject(new Error('asked')), 0);
    expect([await lease.confirm(), lease.held()]).toEqual([false, undefined]);
    lease.grant({ epoch: 3, generation: 0, joined: false });
    await expect(lease.confirm()).rejects.toThrow('asked');
    lease.lose('because');
    expect(await lease.confirm()).toBe(false);
    expect(clock.timers()).toBe(0);
  });
});

type Step = { readonly type: string; readonly ms: number };

describe('any history of a lease', () => {
  it('lets nobody speak when both the last good beat and the last permit are too old', () => {
    const types = ['pass', 'pass', 'jump', 'beat', 'permit', 'expire', 'hand on', 'adopt', 'lose'];
    const steps = fc.array(fc.record({ type: fc.constantFrom(...types), ms: fc.nat(70_000) }), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(steps, (history) => live(history)),
      { numRuns: 1_000 },
    );
  });
});

/** The same clocks and moments, kept apart from the lease. */
function live(history: readonly Step[]): void {
  const { clock, lease } = open();
  let beat: readonly [number, number] | undefined = [0, 0];
  let permit: readonly [number, number] | undefined;
  let lost = false;
  const now = (): readonly [number, number] => [clock.monotonicMs(), clock.wallMs()];
  const isYoung = (at: readonly [number, number] | undefined, ms: number): boolean =>
    at !== undefined && now()[0] - at[0] < ms && now()[1] - at[1] < ms;
  const steps: Readonly<Record<string, (ms: number) => void>> = {
    pass: (ms) => clock.pass(ms),
    jump: (ms) => clock.jumpWall(ms - 35_000),
    beat() {
      beat = now();
      lease.beaten(nowOn(clock));
    },
    permit() {
      if (permit === undefined || now()[0] > permit[0]) permit = now();
      lease.permitted(nowOn(clock));
    },
    expire() {
      beat = undefined;
      lease.expired();
    },
    'hand on': () => lease.handOn(),
    adopt() {
      [beat, permit] = [now(), undefined];
      const at = nowOn(clock);
      const grant = { epoch: lease.epoch() + 1, generation: 0, joined: false };
      lease.adopt({ ...lease.flight(), takenAt: at, beatenAt: at }, grant);
    },
    lose() {
      lost = true;
      lease.lose('because');
    },
  };
  for (const { type, ms } of history) {
    steps[type]?.(ms);
    const may = !lost && (isYoung(beat, 50_000) || isYoung(permit, 8_000));
    const { publish, owned } = stateOf(lease);
    if (publish !== may) throw new Error(`after ${type}: it ${may ? 'may' : 'may not'} speak`);
    if (owned && !isYoung(beat, 50_000)) throw new Error(`after ${type}: owned without a beat`);
  }
}

function open(holds: () => Promise<ReadonlySet<string>> = async () => new Set(), epoch = 3) {
  const clock: HandClock = openHandClock();
  const told: Observation[] = [];
  const deps = { clock, leases: { holds }, observe: (one: Observation) => void told.push(one) };
  const receipt = { handle: 'first', groupId: 'lobby' };
  const of = { room: 'lobby', session: 'talk', receipt, present: () => undefined };
  const lease = openLease(deps, of, nowOn(clock), TIMES);
  lease.grant({ epoch, generation: 0, joined: false });
  return { clock, lease, told };
}

function stateOf(lease: Lease) {
  return { publish: lease.mayPublish(), owned: lease.owned(), late: lease.late() };
}
