import { isTroupeError, TroupeError } from '../errors.ts';
import { onAbort } from '../lib/abort.ts';
import type { Clock } from '../lib/clock.ts';
import { backoffMs } from '../lib/retry.ts';
import { openScope } from '../lib/scope.ts';
import type { Lease } from './lease.ts';
import type { LookUps } from './look-ups.ts';
import type { Patience } from './patience.ts';
import type { Recovery } from './recovery.ts';

export interface FailureDeps {
  readonly recovery: Recovery;
  readonly lookUps: LookUps;
  readonly clock: Clock;
  readonly random: () => number;
  readonly draining: AbortSignal;
}

/** How work under a lease came out. */
export type Tried<T> =
  | { readonly kind: 'done'; readonly value: T }
  /** It is the room's own fault, for good. */
  | { readonly kind: 'hopeless'; readonly error: TroupeError }
  /** Not here and now: another worker may have more luck, `atOnce` where ours has run out. */
  | { readonly kind: 'given-up'; readonly error: TroupeError; readonly atOnce: boolean };

const ROOM_RETRY_MS = 2_000;
/** What has gone well for so long begins anew when it fails: its earlier failures are history. */
const STABLE_MS = 60_000;
const BETWEEN_TRIES = { firstMs: 200, maxMs: 15_000 };
/** About a minute of them, so that the queue's limit of receives outlasts an hour of such trouble. */
const MAX_UNEXPLAINED = 10;

/**
 * Does `work` for a room, again and again while what fails is the fleet's or a provider's: that is
 * waited out here, under heartbeat, while nothing is received. It is given up when the worker drains,
 * the lease may not be trusted or the `patience` is over (work may take its signal and be broken off),
 * and for what is neither explained by a probe nor mended by time.
 * @throws what is no TroupeError.
 */
export async function tryUnderLease<T>(
  deps: FailureDeps,
  lease: Lease,
  work: () => Promise<T>,
  patience: Patience = ENDLESS,
): Promise<Tried<T>> {
  // Waiting ends with whichever comes first, and leaves no listener on the worker's signal.
  using waiting = openScope(deps.draining);
  using _lost = onAbort(lease.lost, () => waiting.end(lease.lost.reason as Error));
  using _over = onAbort(patience.over, () => waiting.end(patience.over.reason as Error));
  for (let attempt = 1; ; attempt += 1) {
    const begunAt = deps.clock.monotonicMs();
    try {
      return { kind: 'done', value: await work() };
    } catch (error) {
      if (patience.over.aborted && error === patience.over.reason) {
        return { kind: 'given-up', error: brokenOff(lease.room), atOnce: true };
      }
      if (!isTroupeError(error)) throw error;
      patience.present(false);
      if (deps.clock.monotonicMs() - begunAt > STABLE_MS) attempt = 1;
      const failure = { error, attempt, room: lease.room };
      const next = await decideWhileHeld(deps, failure, lease, waiting.signal);
      if (next === 'hopeless') return { kind: next, error };
      if (next === 'given-up') return { kind: next, error, atOnce: patience.over.aborted };
    }
  }
}

/** Of work that was broken off with the patience. */
function brokenOff(room: string): TroupeError {
  const what = `no answer about room ${room} came in time: others are to try`;
  return new TroupeError(what, { kind: 'timeout', fault: 'fleet', service: 'database' });
}

/** Of work that no other worker could do better. */
const ENDLESS: Patience = {
  over: new AbortController().signal,
  present: () => undefined,
  [Symbol.dispose]: () => undefined,
};

interface Failure {
  readonly error: TroupeError;
  readonly attempt: number;
  readonly room: string;
}

type Next = 'again' | 'hopeless' | 'given-up';

/** A lease that is not to be trusted, or a waiting that was ended, leaves nothing to try. */
async function decideWhileHeld(
  deps: FailureDeps,
  failure: Failure,
  lease: Lease,
  signal: AbortSignal,
): Promise<Next> {
  if (!lease.mayPublish()) return 'given-up';
  const next = await decide(deps, failure, signal);
  const isOver = signal.aborted || !lease.mayPublish();
  return next === 'again' && isOver ? 'given-up' : next;
}

/** By whose fault it is; resolves when the next try has a chance. */
async function decide(deps: FailureDeps, failure: Failure, signal: AbortSignal): Promise<Next> {
  const { error, attempt } = failure;
  if (error.kind === 'lease-lost') return 'given-up';
  if (error.fault === 'room') return await decideRoomFault(deps, failure, signal);
  if (!error.retryable && !WAITS_FOR_PEOPLE.has(error.kind) && attempt >= MAX_UNEXPLAINED) {
    return 'given-up';
  }
  // The probe may answer while the work still fails: each try waits longer than the last.
  await pause(deps, backoffMs(BETWEEN_TRIES, attempt, deps.random()), signal);
  await deps.recovery.recovered(error, signal);
  return 'again';
}

/** A wrong key or a missing migration is mended by somebody; the room waits for it. */
const WAITS_FOR_PEOPLE: ReadonlySet<string> = new Set(['auth', 'not-ready']);

/** A missing row is believed only of a database that has proved that it shows us rows at all. */
async function decideRoomFault(
  deps: FailureDeps,
  { error, room }: Failure,
  signal: AbortSignal,
): Promise<Next> {
  if (error.retryable) {
    await pause(deps, ROOM_RETRY_MS, signal);
    return 'again';
  }
  if (error.kind !== 'not-found') return 'hopeless';
  const suspicious = deps.lookUps.failed(room);
  const trouble = suspicious ? noRows() : await deps.recovery.trouble('database', signal);
  if (trouble === undefined) return 'hopeless';
  await deps.recovery.recovered(trouble, signal);
  return 'again';
}

function noRows(): TroupeError {
  const what = 'rows of several rooms in a row are missing: does our key see any?';
  return new TroupeError(what, { kind: 'not-ready', fault: 'fleet', service: 'database' });
}

async function pause({ clock }: FailureDeps, ms: number, signal: AbortSignal): Promise<void> {
  await clock.delay(ms, signal).catch(() => undefined);
}
