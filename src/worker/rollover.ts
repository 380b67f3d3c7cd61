import type { Clock } from '../lib/clock.ts';
import { handOver } from './handover.ts';
import type { HandoverDeps } from './handover.ts';
import type { Occupant, Slots } from './slots.ts';

export interface RolloverDeps extends HandoverDeps {
  readonly slots: Slots;
  readonly clock: Clock;
}

const HOUR_MS = 3_600_000;
/** SQS takes a message back twelve hours after its receive, whatever beats say. */
const DUE_MS = 8 * HOUR_MS;
const FORCED_MS = 11.5 * HOUR_MS;
const LOOK_EVERY_MS = 60_000;

/**
 * Gives old leases a new message, until `signal` aborts: from eight hours on when a place is free
 * (most likely this very worker adopts it), at eleven and a half in any case. One room at a time.
 */
export async function runRollover(deps: RolloverDeps, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await deps.clock.delay(LOOK_EVERY_MS, signal).catch(() => undefined);
    const due = signal.aborted ? undefined : findDue(deps.slots);
    if (due === undefined) continue;
    await handOver(deps, due, signal).catch((error: unknown) =>
      deps.observe({ type: 'handover-failed', room: due.bot.room, error }),
    );
  }
}

function findDue(slots: Slots): Occupant | undefined {
  const dueMs = slots.free() > 0 ? DUE_MS : FORCED_MS;
  return [...slots.occupants().values()]
    .filter(({ lease }) => lease.owned() && lease.ageMs() >= dueMs)
    .sort((a, b) => b.lease.ageMs() - a.lease.ageMs())[0];
}
