import type { Clock } from './clock.ts';

/** A text that somebody else makes, taken piece by piece. */
export interface TextPieces {
  /** The next piece; `undefined` at the end. */
  next(): Promise<string | undefined>;
  /** As `next`, but `undefined` also when none comes within `limitMs`: it is not lost. */
  nextWithin(limitMs: number): Promise<string | undefined>;
  /** Puts a piece back before all others. */
  putBack(piece: string): void;
  /** Tells the maker that nobody listens any more; waits for nothing. */
  close(): void;
}

/** Takes `text` one piece after the other. What the maker throws is thrown to the one who waits. */
export function openTextPieces(clock: Clock, text: AsyncIterable<string>): TextPieces {
  const iterator = text[Symbol.asyncIterator]();
  let coming: Promise<IteratorResult<string, unknown>> | undefined;
  let first: string | undefined;

  async function take(): Promise<string | undefined> {
    if (first !== undefined) {
      const piece = first;
      first = undefined;
      return piece;
    }
    coming ??= iterator.next();
    const { done, value } = await coming;
    if (done === true) return undefined;
    coming = undefined;
    return value;
  }

  return {
    next: take,
    async nextWithin(limitMs) {
      coming ??= iterator.next();
      const paused = Promise.withResolvers<boolean>();
      using _timer = clock.after(limitMs, () => paused.resolve(true));
      const isPaused = await Promise.race([coming.then(() => false), paused.promise]);
      return isPaused ? undefined : await take();
    },
    putBack(piece) {
      first = piece;
    },
    close() {
      Promise.resolve(iterator.return?.()).catch(() => undefined);
      coming?.catch(() => undefined);
    },
  };
}
