import { TroupeError } from '../errors.ts';
import type { Clock } from '../lib/clock.ts';
import { withDeadline } from '../lib/deadline.ts';
import { backoffMs } from '../lib/retry.ts';
import type { Arrival, LeaseTable } from '../ports/lease-table.ts';
import type { Observe } from '../ports/observe.ts';
import { makeLateWatch } from './late-watch.ts';
import type { LeaseTimes } from './lease-times.ts';
import { nowOn, openLease } from './lease.ts';
import type { Lease } from './lease.ts';
import { runWheel } from './wheel.ts';

export interface LoneLeaseDeps {
  readonly leases: LeaseTable;
  readonly clock: Clock;
  readonly observe: Observe;
  readonly random: () => number;
}

/** The lease of a room that is served without a queue. */
export interface LoneLease {
  readonly lease: Lease;
  readonly arrival: Arrival;
  /** Writes that the bot has left; tried for 5 s, told where it is in vain. Never throws. */
  readonly leave: (status: 'left' | 'failed') => Promise<void>;
}

/** How long the row is tried to be written when the bot has left. */
const ROW_LIMIT_MS = 5_000;
const BACKOFF = { firstMs: 200, maxMs: 1_000 };

/**
 * Takes a room as the bearer of message `messageId`, which nobody else will ever receive. There is
 * nothing to beat for, so the database alone says whether the room is still ours: it is asked every
 * V/12, until `signal` aborts.
 * @throws TroupeError when the database does not answer, or refuses the lease.
 */
export async function holdLoneLease(
  deps: LoneLeaseDeps,
  of: { readonly room: string; readonly messageId: string; readonly worker: string },
  times: LeaseTimes,
  signal: AbortSignal,
): Promise<LoneLease> {
  const { clock } = deps;
  const { room } = of;
  const session = room;
  const answer = await deps.leases.acquire(
    { ...of, session, receiveCount: 1, requestedAt: clock.wallMs(), deferrals: 0 },
    signal,
  );
  if (!answer.granted) throw refused(room, answer.refusal);
  // A room that the bot cannot reach stays its own: there is nobody to hand it to.
  const claim = { room, session, receipt: NO_RECEIPT, present: () => undefined };
  const lease = openLease(deps, claim, nowOn(clock), times);
  lease.grant(answer);
  // No message stands behind it: as after a handover, the database alone permits.
  lease.handOn();
  lease.expired();
  await lease.confirm(signal);
  const watch = makeLateWatch(deps, times);
  const look = (): number => {
    watch.look(new Set([lease]));
    return times.tickMs;
  };
  void runWheel(deps, times.tickMs, look, signal);
  return { lease, arrival: answer.arrival, leave: (status) => markLeft(deps, lease, status) };
}

const NO_RECEIPT = { handle: '', groupId: '' };

async function markLeft(
  deps: LoneLeaseDeps,
  lease: Lease,
  status: 'left' | 'failed',
): Promise<void> {
  const { clock, observe } = deps;
  const held = lease.held();
  if (held === undefined || lease.lost.aborted) return;
  const heldMs = lease.heldMs();
  const write = async (signal: AbortSignal): Promise<void> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return void (await deps.leases.markLeft(held, status, heldMs, signal));
      } catch (error) {
        observe({ type: 'provider-failed', provider: 'database', error });
      }
      await clock.delay(backoffMs(BACKOFF, attempt, deps.random()), signal);
    }
  };
  await withDeadline(clock, ROW_LIMIT_MS, write).catch(() =>
    observe({ type: 'warning', what: STAYS_LIVE, room: held.room }),
  );
}

const STAYS_LIVE = 'the row of the room could not be written: it stays live until the next start';

function refused(room: string, why: string): TroupeError {
  return new TroupeError(`room ${room} is refused: ${why}`, {
    kind: 'rejected',
    fault: 'room',
    service: 'lease',
  });
}
