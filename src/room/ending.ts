import { openScope, ScopeEnded } from '../lib/scope.ts';
import type { LeaveReason } from '../worker/bot.ts';
import type { Gone } from './kept-link.ts';

/** Why a bot ends. */
export type EndReason =
  /** The conversation said so. */
  | { readonly kind: 'left'; readonly reason: LeaveReason }
  /** The worker said so. */
  | { readonly kind: 'drain' }
  | { readonly kind: 'stop' }
  | { readonly kind: 'lost' }
  | Gone;

/** The one end of a bot: of several reasons the first counts. */
export interface Ending extends Disposable {
  /** Aborts with the end, so that nothing is begun any more. */
  readonly signal: AbortSignal;
  /** Resolves with the reason. */
  readonly why: Promise<EndReason>;
  /** The reason, once there is one. */
  reason(): EndReason | undefined;
  end(reason: EndReason): void;
}

/** Opens the ending of a bot that also ends when its lease is lost. */
export function openEnding(lost: AbortSignal): Ending {
  const scope = openScope();
  const why = Promise.withResolvers<EndReason>();
  let reason: EndReason | undefined;
  const end = (cause: EndReason): void => {
    reason ??= cause;
    why.resolve(reason);
    scope.end(new ScopeEnded(`the bot ends: ${reason.kind}`));
  };
  const onLost = (): void => end({ kind: 'lost' });
  if (lost.aborted) onLost();
  else lost.addEventListener('abort', onLost, { once: true });
  return {
    signal: scope.signal,
    why: why.promise,
    reason: () => reason,
    end,
    [Symbol.dispose]: () => lost.removeEventListener('abort', onLost),
  };
}
