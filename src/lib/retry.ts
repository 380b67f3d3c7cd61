/** When to try again: attempts count from 1, pauses double, half of each is jitter. */
export interface Backoff {
  readonly firstMs: number;
  readonly maxMs: number;
}

/**
 * How long to wait before the attempt after `attempt`, in ms: between half and the whole of
 * `firstMs` doubled each time, never above `maxMs`. `random` is in [0, 1).
 */
export function backoffMs(backoff: Backoff, attempt: number, random: number): number {
  const whole = Math.min(backoff.maxMs, backoff.firstMs * 2 ** (attempt - 1));
  return whole * (0.5 + random / 2);
}
