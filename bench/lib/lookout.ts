/** Waits for what may be seen after a change. */
export interface Lookout {
  /** Something has changed: everybody who waits looks. */
  changed(): void;
  /** Resolves with what `look` finds, now or later; undefined: nothing within `limitMs`. */
  until<T>(look: () => T | undefined, limitMs: number): Promise<T | undefined>;
}

export function openLookout(): Lookout {
  const waiting = new Set<() => void>();
  return {
    changed() {
      for (const look of waiting) look();
    },
    until(look, limitMs) {
      return new Promise((resolve) => {
        const end = (found: ReturnType<typeof look>): void => {
          clearTimeout(timer);
          waiting.delete(lookAgain);
          resolve(found);
        };
        const lookAgain = (): void => {
          const found = look();
          if (found !== undefined) end(found);
        };
        const timer = setTimeout(end, limitMs, undefined);
        waiting.add(lookAgain);
        lookAgain();
      });
    },
  };
}
