import type { Clock, Timer } from '../../lib/clock.ts';
import { STT_SAMPLE_RATE } from '../../ports/speech-to-text.ts';

/** Feeds silence in the place of a microphone that is off. */
export interface SilenceFeed extends Disposable {
  /** Feeds from now on, at the pace of real time; `over` is called after the limit. */
  start(): void;
  /** Feeds nothing more, but the limit stays. */
  pause(): void;
  /** Feeds nothing more, and `over` is not called. */
  stop(): void;
  isRunning(): boolean;
}

/** Gladia has no word for "that was all": it makes a final when it hears silence. */
export function makeSilenceFeed(
  clock: Clock,
  feed: (pcm: Int16Array) => void,
  over: () => void,
): SilenceFeed {
  let step: Timer | undefined;
  let limit: Timer | undefined;

  function feedOn(): void {
    feed(new Int16Array((STT_SAMPLE_RATE * STEP_MS) / 1_000));
    step = clock.after(STEP_MS, feedOn);
  }

  function pause(): void {
    step?.[Symbol.dispose]();
    step = undefined;
  }

  function stop(): void {
    pause();
    limit?.[Symbol.dispose]();
    limit = undefined;
  }

  return {
    start() {
      stop();
      limit = clock.after(LIMIT_MS, () => {
        stop();
        over();
      });
      feedOn();
    },
    pause,
    stop,
    isRunning: () => limit !== undefined,
    [Symbol.dispose]: stop,
  };
}

const STEP_MS = 100;
/** How long a final is waited for. */
const LIMIT_MS = 2_000;
