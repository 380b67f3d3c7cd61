/** A queue between one that makes and one that takes; what is put waits until it is taken. */
export interface Channel<T> extends AsyncIterable<T> {
  readonly put: (item: T) => void;
  /** Nothing more comes; what waits is still taken. Later calls of anything change nothing. */
  readonly end: () => void;
  /** As `end`, but the taker gets `error` once all is taken. */
  readonly fail: (error: Error) => void;
}

/** Opens a channel. It has no bound: its maker must have one. It is iterated once. */
export function openChannel<T>(): Channel<T> {
  const items: T[] = [];
  let ended = false;
  let failure: Error | undefined;
  let change = Promise.withResolvers<void>();

  function finish(error?: Error): void {
    if (ended) return;
    ended = true;
    failure = error;
    change.resolve();
  }

  return {
    put(item) {
      if (ended) return;
      items.push(item);
      change.resolve();
    },
    end: () => finish(),
    fail: finish,
    async *[Symbol.asyncIterator]() {
      for (;;) {
        while (items.length > 0) yield items.shift() as T;
        if (failure !== undefined) throw failure;
        if (ended) return;
        change = Promise.withResolvers();
        await change.promise;
      }
    },
  };
}
