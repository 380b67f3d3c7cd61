import type { Clock, Timer } from '../lib/clock.ts';

/** Watches whether a provider that is given sound says anything. */
export interface StallWatch extends Disposable {
  /** Sound that is more than silence was given to it. */
  gave(ms: number): void;
  /** It has said something. */
  alive(): void;
  /** Whether it was given something worth a word since it said anything. */
  isOwed(): boolean;
}

/** So much sound is worth an answer, which is waited for so long from its beginning on. */
const OWED_MS = 1_000;
const ANSWER_LIMIT_MS = 2_000;
/** Less may be a click, of which nobody need say anything. */
const WORD_MS = 300;

/** Opens the watch over one stream; `stalled` is called once. */
export function watchStall(clock: Clock, stalled: () => void): StallWatch {
  let givenMs = 0;
  let since: { readonly atMs: number; readonly timer: Timer } | undefined;
  let isOver = false;

  function forget(): void {
    since?.timer[Symbol.dispose]();
    since = undefined;
    givenMs = 0;
  }
  function look(): void {
    if (isOver || since === undefined || givenMs < OWED_MS) return;
    if (clock.monotonicMs() - since.atMs < ANSWER_LIMIT_MS) return;
    end();
    stalled();
  }
  function end(): void {
    isOver = true;
    forget();
  }
  return {
    gave(ms) {
      if (isOver) return;
      givenMs += ms;
      since ??= { atMs: clock.monotonicMs(), timer: clock.after(ANSWER_LIMIT_MS, look) };
      look();
    },
    alive: forget,
    isOwed: () => givenMs >= WORD_MS,
    [Symbol.dispose]: end,
  };
}
