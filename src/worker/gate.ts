import type { Observe } from '../ports/observe.ts';

/** Whether the worker receives, and why not. */
export interface Gate {
  /** Stops receiving for `why`; several reasons stand side by side. */
  close(why: string): void;
  open(why: string): void;
  /** Empty when the worker receives. */
  reasons(): readonly string[];
  /** Resolves when no reason stands, or when the signal aborts. */
  whenOpen(signal: AbortSignal): Promise<void>;
}

export function makeGate(observe: Observe): Gate {
  const reasons = new Set<string>();
  const waiting = new Set<() => void>();
  return {
    close(why) {
      if (reasons.has(why)) return;
      reasons.add(why);
      observe({ type: 'receiving-paused', why });
    },
    open(why) {
      if (!reasons.delete(why) || reasons.size > 0) return;
      observe({ type: 'receiving-resumed' });
      waiting.forEach((go) => go());
    },
    reasons: () => [...reasons],
    whenOpen(signal) {
      if (reasons.size === 0 || signal.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const go = (): void => {
          waiting.delete(go);
          signal.removeEventListener('abort', go);
          resolve();
        };
        waiting.add(go);
        signal.addEventListener('abort', go, { once: true });
      });
    },
  };
}
