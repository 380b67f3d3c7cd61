import type { Clock } from '../lib/clock.ts';
import type { HeldLease, LeaseTable } from '../ports/lease-table.ts';
import type { Observe } from '../ports/observe.ts';
import { elapsedMs, nowOn } from './lease.ts';
import type { Instant, Lease } from './lease.ts';
import type { LeaseTimes } from './lease-times.ts';

/** Asks the database about leases whose beats do not get through. */
export interface LateWatch {
  /** To be called every tick with all leases: asks for those that run late, all at once. */
  look(leases: ReadonlySet<Lease>): void;
}

export interface LateWatchDeps {
  readonly leases: Pick<LeaseTable, 'holds'>;
  readonly clock: Clock;
  readonly observe: Observe;
}

/** What is known of a lease that runs late. */
interface Lateness {
  askedAt?: Instant;
  /** Since when questions have had no answer. */
  silentSince?: Instant;
}

/**
 * While the queue is away nobody can receive, so the database's "held" permits for a short while.
 * "Not held" loses the lease, and so does half a V without any answer. A lease is asked for as soon as
 * it runs late, and then every `askMs`.
 */
export function makeLateWatch(deps: LateWatchDeps, times: LeaseTimes): LateWatch {
  const known = new Map<Lease, Lateness>();
  const isOlder = (since: Instant | undefined, ms: number): boolean =>
    since !== undefined && elapsedMs(deps.clock, since) >= ms;

  function giveUp(lease: Lease, { silentSince }: Lateness): void {
    if (!isOlder(silentSince, times.giveUpMs)) return;
    known.delete(lease);
    lease.lose(`no beat, and no answer from the database for ${Math.round(times.giveUpMs)} ms`);
  }

  function askFor(late: readonly Lease[]): void {
    const askedAt = nowOn(deps.clock);
    const asked = late.flatMap((lease) => {
      const held = lease.held();
      return held === undefined ? [] : [{ lease, held }];
    });
    for (const { lease } of asked) {
      known.set(lease, { askedAt, silentSince: known.get(lease)?.silentSince ?? askedAt });
    }
    const take = (rooms: ReadonlySet<string>): void =>
      asked.forEach((one) => settle(one, rooms, askedAt));
    const tell = (error: unknown): void =>
      deps.observe({ type: 'provider-failed', provider: 'database', error });
    deps.leases
      .holds(asked.map(({ held }) => held))
      .then(take)
      .catch(tell);
  }

  function settle(
    { lease, held }: { readonly lease: Lease; readonly held: HeldLease },
    rooms: ReadonlySet<string>,
    askedAt: Instant,
  ): void {
    const lateness = known.get(lease);
    if (lateness !== undefined) delete lateness.silentSince;
    if (lease.epoch() !== held.epoch) return;
    if (rooms.has(held.room)) lease.permitted(askedAt);
    else if (!lease.hasLeft()) lease.lose('the database gave the room to another');
  }

  return {
    look(leases) {
      const isLate = (lease: Lease): boolean =>
        leases.has(lease) && lease.late() && lease.held() !== undefined;
      for (const [lease, lateness] of known) {
        if (isLate(lease)) giveUp(lease, lateness);
        else known.delete(lease);
      }
      const late = [...leases].filter(isLate);
      const due = late.some((lease) => {
        const askedAt = known.get(lease)?.askedAt;
        return askedAt === undefined || isOlder(askedAt, times.askMs);
      });
      if (due) askFor(late);
    },
  };
}
