import type { Clock, Timer } from '../../lib/clock.ts';
import type { Window, Windows } from './windows.ts';

/** A stream as far as batches know it. */
export interface Waiting {
  readonly windows: Pick<Windows, 'take' | 'isEmpty'>;
}

/** One window on its way through the model. */
export interface Row<S extends Waiting> {
  readonly stream: S;
  readonly window: Window;
}

/** Who goes into the next inference, and when it starts. */
export interface Batches<S extends Waiting> {
  /** The stream is to be waited for. */
  join(stream: S): void;
  leave(stream: S): void;
  /** The stream has windows; told again with each. */
  ready(stream: S): void;
  /** Whether the model has a window of it. */
  isAtWork(stream: S): boolean;
  /** The model has answered: gives back what it was asked, and asks the next. */
  answered(): readonly Row<S>[];
  /** No answer is to come any more. */
  close(): void;
}

interface BatchesDeps<S extends Waiting> {
  readonly clock: Clock;
  readonly send: (batch: readonly Row<S>[]) => void;
  /** The model gives no answer any more. */
  readonly stuck: () => void;
}

/**
 * Joins the windows of all streams into batches: an inference of many costs little more than one of
 * a single stream. A window waits for others at most 10 ms, and not at all once every stream has
 * one. One batch is at work at a time and holds one window of a stream, for each needs the memory of
 * the one before; what comes meanwhile waits with its stream, where it is bounded.
 */
export function makeBatches<S extends Waiting>({ clock, send, stuck }: BatchesDeps<S>): Batches<S> {
  const joined = new Set<S>();
  const waiting = new Set<S>();
  let atWork: readonly Row<S>[] = [];
  let isDue = false;
  let patience: Timer | undefined;
  let watchdog: Timer | undefined;

  const rest = (): void => {
    patience?.[Symbol.dispose]();
    patience = undefined;
    isDue = false;
  };

  const take = (stream: S): readonly Row<S>[] => {
    const window = stream.windows.take();
    if (stream.windows.isEmpty()) waiting.delete(stream);
    return window === undefined ? [] : [{ stream, window }];
  };

  const proceed = (): void => {
    if (!isDue || atWork.length > 0) return;
    rest();
    atWork = [...waiting].flatMap(take);
    // Second windows have waited for the first ones: they wait for nobody else.
    isDue = waiting.size > 0;
    // Looked at twice: a process that was stopped finds its timers due before the answers.
    watchdog = clock.after(STUCK_MS, () => {
      watchdog = clock.after(STUCK_MS, stuck);
    });
    send(atWork);
  };

  return {
    join: (stream) => void joined.add(stream),
    leave(stream) {
      joined.delete(stream);
      waiting.delete(stream);
      if (waiting.size === 0) rest();
    },
    ready(stream) {
      waiting.add(stream);
      if (waiting.size === joined.size) isDue = true;
      else {
        patience ??= clock.after(PATIENCE_MS, () => {
          isDue = true;
          proceed();
        });
      }
      proceed();
    },
    isAtWork: (stream) => atWork.some((row) => row.stream === stream),
    answered() {
      watchdog?.[Symbol.dispose]();
      const batch = atWork;
      atWork = [];
      proceed();
      return batch;
    },
    close() {
      rest();
      watchdog?.[Symbol.dispose]();
    },
  };
}

const PATIENCE_MS = 10;
const STUCK_MS = 5_000;
