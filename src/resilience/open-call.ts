import { isTroupeError } from '../errors.ts';
import { onAbort } from '../lib/abort.ts';
import type { Clock } from '../lib/clock.ts';
import type { ProviderCall } from '../ports/meter.ts';

/** How a call went, without what it was about. */
export type CallCourse = Pick<
  ProviderCall,
  'outcome' | 'errorKind' | 'startedAt' | 'firstMs' | 'tookMs'
>;

/** A call under way; the first of its ends counts. Disposal cancels it, and so does the signal. */
export interface OpenCall extends Disposable {
  /** Something came. */
  came(): void;
  done(): void;
  failed(error: unknown): void;
}

/**
 * Opens the course of a call and tells it once. A signal that aborts for a failure of the provider, as
 * a watchdog's does, has failed it.
 */
export function openCall(
  clock: Clock,
  signal: AbortSignal | undefined,
  tell: (course: CallCourse) => void,
): OpenCall {
  const startedAt = clock.wallMs();
  const from = clock.monotonicMs();
  const since = (): number => Math.round(clock.monotonicMs() - from);
  let firstMs: number | undefined;
  let isOver = false;
  const end = (how: Pick<CallCourse, 'outcome' | 'errorKind'>): void => {
    if (isOver) return;
    isOver = true;
    const came = firstMs === undefined ? {} : { firstMs };
    tell({ ...how, startedAt, ...came, tookMs: since() });
  };
  const failed = (error: unknown): void =>
    end({ outcome: 'failed', ...(isTroupeError(error) && { errorKind: error.kind }) });
  const cancel = (): void => end({ outcome: 'cancelled' });
  const listening =
    signal &&
    onAbort(signal, () => {
      if (isTroupeError(signal.reason)) failed(signal.reason);
      else cancel();
    });
  return {
    came: () => void (firstMs ??= since()),
    done: () => end({ outcome: 'done' }),
    failed,
    [Symbol.dispose]() {
      cancel();
      listening?.[Symbol.dispose]();
    },
  };
}
