/** Waits for what is told: look again on every change, fail after the limit. */
export interface Changes {
  /** Something changed. */
  readonly tell: () => void;
  /** Resolves with what `look` finds, now or after a later change. */
  readonly until: <T>(
    what: string,
    look: () => T | undefined | false,
    limitMs?: number,
  ) => Promise<T>;
}

export function openChanges(): Changes {
  const waiting = new Set<() => void>();
  return {
    tell() {
      for (const look of waiting) look();
    },
    until: (what, look, limitMs = 10_000) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(check);
          reject(new Error(`waited ${limitMs} ms in vain for ${what}`));
        }, limitMs);
        const check = (): void => {
          const found = look();
          if (found === undefined || found === false) return;
          clearTimeout(timer);
          waiting.delete(check);
          resolve(found);
        };
        waiting.add(check);
        check();
      }),
  };
}
