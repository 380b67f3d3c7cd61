/**
 * A lifetime: one per process, room, mode, reply. It ends once, with a reason, and takes everything
 * that listens to its signal with it.
 */
export interface Scope extends Disposable {
  readonly signal: AbortSignal;
  /** Ends the scope; later calls change nothing. */
  end(reason: Error): void;
}

/** Why a scope ended in the ordinary way: its owner was done. */
export class ScopeEnded extends Error {
  override readonly name = 'ScopeEnded';
}

/**
 * Opens a scope that also ends when `parent` does. It is derived by hand: `AbortSignal.any` on a
 * long-lived parent keeps its children (nodejs/node#54614), and a room's parent lives for days.
 */
export function openScope(parent?: AbortSignal): Scope {
  const controller = new AbortController();
  const end = (reason: Error): void => {
    parent?.removeEventListener('abort', onParentAbort);
    controller.abort(reason);
  };
  const onParentAbort = (): void => end(parent?.reason as Error);
  if (parent?.aborted === true) controller.abort(parent.reason);
  else parent?.addEventListener('abort', onParentAbort, { once: true });
  return {
    signal: controller.signal,
    end,
    [Symbol.dispose]: () => end(DONE),
  };
}

/** One for all: an error's stack costs more than most of what runs in a scope. */
const DONE = new ScopeEnded('scope ended');
