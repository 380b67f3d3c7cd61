import type { Meter } from '../ports/meter.ts';
import type { Observe } from '../ports/observe.ts';

/** A meter that tells what calls took as observations; `turnId` where they are for the reply to a turn. */
export function meterFor({ observe }: { readonly observe: Observe }, turnId?: string): Meter {
  return (call) => observe({ type: 'usage', ...(turnId !== undefined && { turnId }), ...call });
}
