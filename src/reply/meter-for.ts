import type { Meter } from '../ports/meter.ts';
import type { Observe } from '../ports/observe.ts';

/** Tells what the calls for the reply to this turn took. */
export function meterFor(
  { observe }: { readonly observe: Observe },
  turnId: string | undefined,
): Meter {
  return (call) => observe({ type: 'usage', ...(turnId !== undefined && { turnId }), ...call });
}
