/** When things happened, by name, in ms since 1970; and waiting for them. */
export interface Moments {
  /** It happened; of one name the first time counts. */
  tell(name: string, at: number): void;
  at(name: string): number | undefined;
  /** Resolves with when it happened, now or later; rejects after `limitMs`. */
  when(name: string, limitMs: number): Promise<number>;
}

export function openMoments(): Moments {
  const known = new Map<string, number>();
  const waiting = new Map<string, Set<(at: number) => void>>();
  return {
    tell(name, at) {
      if (known.has(name)) return;
      known.set(name, at);
      waiting.get(name)?.forEach((resolve) => resolve(at));
      waiting.delete(name);
    },
    at: (name) => known.get(name),
    when(name, limitMs) {
      const at = known.get(name);
      if (at !== undefined) return Promise.resolve(at);
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.get(name)?.delete(happened);
          reject(new Error(`waited ${limitMs} ms in vain for: ${name}`));
        }, limitMs);
        function happened(moment: number): void {
          clearTimeout(timer);
          resolve(moment);
        }
        const others = waiting.get(name) ?? new Set();
        waiting.set(name, others.add(happened));
      });
    },
  };
}
