/** A stream that can be read again from its beginning, for as long as it is kept. */
export interface Replay<T> {
  /** Reads what is kept, then goes on with the source. A reader that was left loses nothing. */
  read(): AsyncGenerator<T>;
  /** Nobody will read it from the beginning any more: nothing is kept from now on. */
  forget(): void;
  /** Leaves the source. */
  close(): void;
}

/** Opens the replay of a source; it is read only as its readers ask. */
export function openReplay<T>(source: AsyncIterable<T>): Replay<T> {
  const iterator = source[Symbol.asyncIterator]();
  const kept = new Map<number, Promise<IteratorResult<T>>>();
  let isKept = true;
  /** How far any reader has come. */
  let readTo = 0;

  function take(at: number): Promise<IteratorResult<T>> {
    // A reader that was left may still wait for the piece that the next one asks for.
    const next = kept.get(at) ?? iterator.next();
    next.catch(() => undefined);
    kept.set(at, next);
    return next;
  }

  return {
    async *read() {
      for (let at = 0; ; at += 1) {
        const next = await take(at);
        if (next.done === true) return;
        readTo = Math.max(readTo, at + 1);
        if (!isKept) kept.delete(at);
        yield next.value;
      }
    },
    forget() {
      isKept = false;
      for (const at of kept.keys()) if (at < readTo) kept.delete(at);
    },
    close: () => void iterator.return?.().catch(() => undefined),
  };
}
