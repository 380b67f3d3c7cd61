import { isTroupeError } from '../errors.ts';
import type { TroupeError } from '../errors.ts';
import type { Clock } from '../lib/clock.ts';
import { backoffMs } from '../lib/retry.ts';
import type { BotOutcome } from './bot.ts';
import type { Lease } from './lease.ts';
import type { Recovery } from './recovery.ts';

export interface FailureDeps {
  readonly recovery: Recovery;
  readonly clock: Clock;
  readonly draining: AbortSignal;
  readonly random: () => number;
}

/** What a bot's end asks of its worker. */
export type NextStep =
  /** Start another bot under the same lease. */
  | 'again'
  /** Settle row and message by the outcome. */
  | 'settle'
  /** Hand the message back: another worker may have more luck. */
  | 'release';

const ROOM_RETRY_MS = 2_000;
const MAX_UNEXPLAINED = 3;
const BETWEEN_TRIES = { firstMs: 200, maxMs: 15_000 };

/**
 * Decides by whose fault a bot failed. What is the fleet's or a provider's is waited out here, under
 * heartbeat; a room is given up only for a fault of its own. A missing row is believed only after
 * the database has proved that it shows us rows at all.
 */
export async function whatNow(
  deps: FailureDeps,
  ended: { readonly outcome: BotOutcome; readonly attempt: number; readonly lease: Lease },
): Promise<NextStep> {
  const { outcome, attempt, lease } = ended;
  if (outcome.kind !== 'failed') return 'settle';
  const { error } = outcome;
  if (isTroupeError(error, 'lease-lost') || !lease.mayPublish()) return 'settle';
  if (deps.draining.aborted) return 'release';
  if (error.fault === 'room') return await afterRoomFault(deps, error);
  if (!error.retryable && !WAITS_FOR_PEOPLE.has(error.kind) && attempt >= MAX_UNEXPLAINED) {
    return 'release';
  }
  // The probe may answer while joining still fails: each try waits longer than the last.
  const pauseMs = backoffMs(BETWEEN_TRIES, attempt, deps.random());
  await deps.clock.delay(pauseMs, deps.draining).catch(() => undefined);
  await deps.recovery.recovered(error, deps.draining);
  return deps.draining.aborted ? 'release' : 'again';
}

/** A wrong key or a missing migration is mended by somebody; the room waits for it. */
const WAITS_FOR_PEOPLE: ReadonlySet<string> = new Set(['auth', 'not-ready']);

async function afterRoomFault(deps: FailureDeps, error: TroupeError): Promise<NextStep> {
  if (error.retryable) {
    await deps.clock.delay(ROOM_RETRY_MS, deps.draining).catch(() => undefined);
    return deps.draining.aborted ? 'release' : 'again';
  }
  if (error.kind !== 'not-found') return 'settle';
  if (await deps.recovery.works('database', deps.draining)) return 'settle';
  await deps.recovery.recovered(error, deps.draining);
  return deps.draining.aborted ? 'release' : 'again';
}
