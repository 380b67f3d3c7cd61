/** Long polls that wait for a queue to change. */
export interface Waiting {
  /** Resolves when the queue changed, after `limitMs`, or when `signal` aborts. */
  untilChanged(queueUrl: string, limitMs: number, signal: AbortSignal): Promise<void>;
  /** Something may be there to receive. */
  changed(queueUrl: string): void;
}

/**
 * Wakes the polls of a queue in the order they came. One that finds nothing waits on: AWS answers a
 * long poll before its time only with a message.
 */
export function makeWaiting(): Waiting {
  const polls = new Map<string, Set<() => void>>();
  return {
    untilChanged(queueUrl, limitMs, signal) {
      const ofQueue = polls.get(queueUrl) ?? new Set();
      polls.set(queueUrl, ofQueue);
      return new Promise((resolve) => {
        function wake(): void {
          clearTimeout(timer);
          signal.removeEventListener('abort', wake);
          ofQueue.delete(wake);
          resolve();
        }
        const timer = setTimeout(wake, limitMs);
        signal.addEventListener('abort', wake);
        ofQueue.add(wake);
        if (signal.aborted) wake();
      });
    },
    changed(queueUrl) {
      polls.get(queueUrl)?.forEach((wake) => wake());
    },
  };
}
