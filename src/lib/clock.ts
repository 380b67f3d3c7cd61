/** A cancellable timer: disposing it means that it never fires; disposing twice is harmless. */
export type Timer = Disposable;

/** Time as an input: everything that waits or measures takes a clock, so that tests own time. */
export interface Clock {
  /** Milliseconds since an arbitrary origin; never goes back, may freeze while the machine sleeps. */
  monotonicMs(): number;
  /** Milliseconds since 1970 by the machine's clock; may jump. */
  wallMs(): number;
  /** Runs `run` once, `delayMs` from now. */
  after(delayMs: number, run: () => void): Timer;
  /** Resolves after `delayMs`; rejects with the signal's reason when that comes first. */
  delay(delayMs: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's own time. */
export const systemClock: Clock = {
  monotonicMs: () => performance.now(),
  wallMs: () => Date.now(),
  after(delayMs, run) {
    const handle = setTimeout(run, delayMs);
    return { [Symbol.dispose]: () => clearTimeout(handle) };
  },
  delay: (delayMs, signal) => delayOn(systemClock, delayMs, signal),
};

/** `Clock.delay` for any clock that has `after`. */
export function delayOn(
  clock: Pick<Clock, 'after'>,
  delayMs: number,
  signal?: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(signal.reason as Error);
    const timer = clock.after(delayMs, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    function onAbort(): void {
      timer[Symbol.dispose]();
      reject(signal?.reason as Error);
    }
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
