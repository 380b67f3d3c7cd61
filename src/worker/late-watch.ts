import type { Clock } from '../lib/clock.ts';
import type { HeldLease, LeaseTable } from '../ports/lease-table.ts';
import type { Observe } from '../ports/observe.ts';
import { elapsedMs, nowOn } from './lease.ts';
import type { Instant, Lease } from './lease.ts';
import type { LeaseTimes } from './lease-times.ts';

/** Asks the database about leases whose beats do not get through. */
export interface LateWatch {
  /** Looks at all leases; asks for those that run late, all at once, every `askMs`. */
  look(leases: ReadonlySet<Lease>): void;
}

export interface LateWatchDeps {
  readonly leases: Pick<LeaseTable, 'holds'>;
  readonly clock: Clock;
  readonly observe: Observe;
}

/**
 * While the queue is away nobody can receive, so the database's "held" permits for a short while.
 * "Not held" loses the lease, and so does half a V without any answer.
 */
export function makeLateWatch(deps: LateWatchDeps, times: LeaseTimes): LateWatch {
  let lastAsked: Instant | undefined;
  const silentSince = new Map<Lease, Instant>();
  const ask = async (late: readonly Lease[], askedAt: Instant): Promise<void> => {
    const asked = late.flatMap((lease) => {
      const held = lease.held();
      return held === undefined ? [] : [{ lease, held }];
    });
    try {
      const rooms = await deps.leases.holds(asked.map(({ held }) => held));
      for (const one of asked) settle(one, rooms, askedAt);
    } catch (error) {
      deps.observe({ type: 'beat-failed', error });
    }
  };
  const settle = (
    { lease, held }: { readonly lease: Lease; readonly held: HeldLease },
    rooms: ReadonlySet<string>,
    askedAt: Instant,
  ): void => {
    silentSince.delete(lease);
    if (lease.epoch() !== held.epoch) return;
    if (rooms.has(held.room)) lease.permitted(askedAt);
    else lease.lose('the database gave the room to another');
  };
  const giveUp = (now: Instant): void => {
    for (const [lease, since] of silentSince) {
      if (!lease.late()) silentSince.delete(lease);
      else if (elapsedMs(deps.clock, since) >= times.giveUpMs) {
        silentSince.delete(lease);
        lease.lose(
          `no beat and no answer since ${Math.round(now.monotonicMs - since.monotonicMs)} ms`,
        );
      }
    }
  };
  return {
    look(leases) {
      const now = nowOn(deps.clock);
      giveUp(now);
      const late = [...leases].filter((lease) => lease.late() && lease.held() !== undefined);
      if (late.length === 0) return;
      if (lastAsked !== undefined && elapsedMs(deps.clock, lastAsked) < times.askMs) return;
      lastAsked = now;
      for (const lease of late) if (!silentSince.has(lease)) silentSince.set(lease, now);
      void ask(late, now);
    },
  };
}
