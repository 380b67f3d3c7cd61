import { isTroupeError, TroupeError } from '../errors.ts';
import { openScope, ScopeEnded } from '../lib/scope.ts';
import type { LeaveReason } from '../ports/bot.ts';
import type { Observe } from '../ports/observe.ts';
import type { Gone } from './kept-link.ts';

/** Why a bot ends. */
export type EndReason =
  /** The conversation said so. */
  | { readonly kind: 'left'; readonly reason: LeaveReason }
  /** The worker said so. */
  | { readonly kind: 'drain' }
  | { readonly kind: 'stop' }
  /** The lease was lost. */
  | { readonly kind: 'lost' }
  | Gone;

/** The one end of a bot: of several reasons the first counts. */
export interface Ending {
  /** Aborts with the end, so that nothing is begun any more. */
  readonly signal: AbortSignal;
  /** Resolves with the reason. */
  readonly why: Promise<EndReason>;
  /** The reason, once there is one. */
  reason(): EndReason | undefined;
  readonly end: (reason: EndReason) => void;
  /** Ends for whatever was thrown; what comes after the end is its consequence and counts no more. */
  readonly fail: (error: unknown) => void;
}

/** Opens the ending of a bot that also ends when its lease is lost. */
export function openEnding(lost: AbortSignal, observe: Observe): Ending {
  const scope = openScope();
  const why = Promise.withResolvers<EndReason>();
  let reason: EndReason | undefined;
  const end = (cause: EndReason): void => {
    if (reason !== undefined) return;
    reason = cause;
    lost.removeEventListener('abort', onLost);
    why.resolve(cause);
    scope.end(new ScopeEnded(`the bot ends: ${cause.kind}`));
  };
  const onLost = (): void => end({ kind: 'lost' });
  if (lost.aborted) onLost();
  else lost.addEventListener('abort', onLost, { once: true });
  return {
    signal: scope.signal,
    why: why.promise,
    reason: () => reason,
    end,
    fail(error) {
      if (reason !== undefined) return;
      if (!isTroupeError(error)) observe({ type: 'unexpected-error', error });
      end({ kind: 'failed', error: isTroupeError(error) ? error : toDefect(error) });
    },
  };
}

/** What is no failure of the world is a defect of ours: told as it is, and tried again elsewhere. */
function toDefect(error: unknown): TroupeError {
  return new TroupeError('the bot failed by a defect', {
    kind: 'rejected',
    fault: 'fleet',
    service: 'bot',
    cause: error,
  });
}
