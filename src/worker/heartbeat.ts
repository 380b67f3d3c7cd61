import type { Clock } from '../lib/clock.ts';
import type { LeaseTable } from '../ports/lease-table.ts';
import type { Observe } from '../ports/observe.ts';
import type { Queue } from '../ports/queue.ts';
import { nowOn } from './lease.ts';
import type { Lease } from './lease.ts';
import { makeLateWatch } from './late-watch.ts';
import type { LeaseTimes } from './lease-times.ts';
import { runWheel } from './wheel.ts';

/** The process's one wheel of beats, for all its leases. */
export interface Heartbeat {
  /** Beats for `lease` until it is removed. */
  add(lease: Lease): void;
  remove(lease: Lease): void;
}

export interface HeartbeatDeps {
  readonly queue: Pick<Queue, 'changeVisibility'>;
  readonly leases: Pick<LeaseTable, 'holds' | 'fenced'>;
  readonly clock: Clock;
  readonly observe: Observe;
  readonly random: () => number;
}

/**
 * Runs the wheel until `signal` aborts: every V/3 with jitter one batched beat for all messages, a
 * failed one again after a second or two, and after a good one the question to the database whether
 * a room was taken or ended. Leases that run late are the late watch's.
 */
export function startHeartbeat(
  deps: HeartbeatDeps,
  times: LeaseTimes,
  signal: AbortSignal,
): Heartbeat {
  const leases = new Set<Lease>();
  const watch = makeLateWatch(deps, times);
  // Between 5/6 and the whole of V/3: workers that started together drift apart.
  const nextBeatMs = (): number => times.beatMs * (1 - deps.random() / 6);
  const retryMs = (): number => times.tickMs * (1 + deps.random());
  const beat = async (): Promise<number> => {
    if (!(await beatAll(deps, leases, times))) return retryMs();
    void askFenced(deps, leases);
    return nextBeatMs();
  };
  const look = (): number => {
    watch.look(leases);
    return times.tickMs;
  };
  void runWheel(deps, nextBeatMs(), beat, signal);
  void runWheel(deps, times.tickMs, look, signal);
  return {
    add: (lease) => void leases.add(lease),
    remove: (lease) => void leases.delete(lease),
  };
}

/** One beat for every message in flight; false if any has to be tried again soon. */
async function beatAll(
  deps: HeartbeatDeps,
  leases: ReadonlySet<Lease>,
  times: LeaseTimes,
): Promise<boolean> {
  const beating = [...leases].filter(needsBeats);
  if (beating.length === 0) return true;
  const sentAt = nowOn(deps.clock);
  const beats = beating.map((lease) => ({ lease, receipt: lease.flight().receipt }));
  try {
    const results = await deps.queue.changeVisibility(
      beats.map(({ receipt }) => ({
        receiptHandle: receipt.handle,
        visibilityMs: times.visibilityMs,
      })),
    );
    // An adoption meanwhile gives the lease another receipt: this answer is not about that.
    const answers = beats
      .map(({ lease, receipt }, at) => ({ lease, receipt, result: results[at] }))
      .filter(({ lease, receipt }) => lease.flight().receipt === receipt);
    for (const { lease, result } of answers) {
      if (result === 'changed') lease.beaten(sentAt);
      if (result === 'expired') lease.expired();
    }
    const failed = answers.some(({ result }) => result === 'failed');
    if (failed) deps.observe({ type: 'beat-failed' });
    else deps.observe({ type: 'beaten', leases: answers.length });
    return !failed;
  } catch (error) {
    deps.observe({ type: 'beat-failed', error });
    return false;
  }
}

/** Tells leases that were taken or ended meanwhile; no answer is no news. */
async function askFenced(deps: HeartbeatDeps, leases: ReadonlySet<Lease>): Promise<void> {
  const asked = [...leases].filter(needsBeats).flatMap((lease) => {
    const held = lease.held();
    return held === undefined ? [] : [{ lease, held }];
  });
  if (asked.length === 0) return;
  try {
    const rooms = await deps.leases.fenced(asked.map(({ held }) => held));
    for (const { lease, held } of asked) {
      const meant = lease.epoch() === held.epoch && !lease.hasLeft();
      if (meant && rooms.has(held.room)) lease.lose('the room was taken or ended');
    }
  } catch (error) {
    deps.observe({ type: 'provider-failed', provider: 'database', error });
  }
}

/**
 * Not without a message, nor once it is lost. Of two leases of one room the older one is lost, so that
 * an answer, which names rooms, means the newer.
 */
function needsBeats(lease: Lease): boolean {
  return !lease.handedOn() && !lease.lost.aborted;
}
