import { unlessAborted } from './abort.ts';
import type { Clock } from './clock.ts';
import { openScope } from './scope.ts';

/** The time given to an awaited call ran out. */
export class DeadlineExceeded extends Error {
  override readonly name = 'DeadlineExceeded';
}

/**
 * Runs `work` under a deadline. The answer is never waited for longer than `limitMs` or than
 * `signal` lives, even if `work` ignores the signal that it is given; once that has aborted nothing
 * is begun.
 * @throws DeadlineExceeded when the time runs out; the signal's reason when it aborts first.
 */
export async function withDeadline<T>(
  clock: Clock,
  limitMs: number,
  work: (signal: AbortSignal) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  signal?.throwIfAborted();
  using scope = openScope(signal);
  using _timer = clock.after(limitMs, () =>
    scope.end(new DeadlineExceeded(`no answer within ${limitMs} ms`)),
  );
  return await unlessAborted(work(scope.signal), scope.signal);
}
