import type { Clock } from '../lib/clock.ts';
import type { Observe } from '../ports/observe.ts';

/**
 * Turns until `signal` aborts: waits `firstMs`, does `turn`, waits as long as that says, in ms, and so
 * on. One turn at a time. A turn that throws is told and the wheel goes on: nothing may stop the
 * beats of other rooms. Never rejects.
 */
export async function runWheel(
  deps: { readonly clock: Clock; readonly observe: Observe },
  firstMs: number,
  turn: () => Promise<number> | number,
  signal: AbortSignal,
): Promise<void> {
  let nextMs = firstMs;
  while (!signal.aborted) {
    await deps.clock.delay(nextMs, signal).catch(() => undefined);
    if (signal.aborted) return;
    try {
      nextMs = await turn();
    } catch (error) {
      deps.observe({ type: 'unexpected-error', error });
    }
  }
}
