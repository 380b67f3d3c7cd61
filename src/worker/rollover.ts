import { handOver } from './handover.ts';
import type { MessageDeps } from './message.ts';
import type { Occupant, Slots } from './slots.ts';
import { runWheel } from './wheel.ts';

export interface RolloverDeps extends MessageDeps {
  readonly slots: Slots;
}

const HOUR_MS = 3_600_000;
/** SQS takes a message back twelve hours after its receive, whatever beats say. */
const DUE_MS = 8 * HOUR_MS;
const FORCED_MS = 11.5 * HOUR_MS;
/** A worker with a thousand rooms that began together rolls them over in three hours. */
const LOOK_EVERY_MS = 10_000;

/**
 * Gives old leases a new message, until `signal` aborts: from eight hours on one at a look while a
 * place is free (most likely this very worker adopts it), at eleven and a half in any case.
 */
export async function runRollover(deps: RolloverDeps, signal: AbortSignal): Promise<void> {
  const look = async (): Promise<number> => {
    let moved = false;
    for (const occupant of oldestFirst(deps.slots)) {
      const ageMs = occupant.lease.ageMs();
      const mayMove = !moved && deps.slots.free() > 0 && ageMs >= DUE_MS;
      if (!mayMove && ageMs < FORCED_MS) break;
      // One room that cannot be handed over just now holds up no other.
      if (await isHandedOver(deps, occupant, signal)) moved = true;
    }
    return LOOK_EVERY_MS;
  };
  await runWheel(deps, LOOK_EVERY_MS, look, signal);
}

function oldestFirst(slots: Slots): readonly Occupant[] {
  return [...slots.occupants().values()]
    .filter(({ lease }) => lease.owned())
    .sort((one, other) => other.lease.ageMs() - one.lease.ageMs());
}

async function isHandedOver(
  deps: RolloverDeps,
  occupant: Occupant,
  signal: AbortSignal,
): Promise<boolean> {
  if (signal.aborted) return false;
  try {
    await handOver(deps, occupant, signal);
    return true;
  } catch (error) {
    const { room, session } = occupant.bot;
    deps.observe({ type: 'handover-failed', room, session, error });
    return false;
  }
}
