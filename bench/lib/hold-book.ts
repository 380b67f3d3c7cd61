import type { WorkerEvent } from './measured-worker.ts';
import { percentile, rounded } from './percentile.ts';
import type { QueueCleared } from './voice-out.ts';

/** Hold decision to last frame out, by design.md: this is its P95. */
export const HOLD_BUDGET_MS = 40;

/** Reads in a worker's log how long its one voice still sounded when its reply was held. */
export interface HoldBook {
  readonly see: (event: WorkerEvent) => void;
  /** NaN where no hold was timed. */
  readonly figures: () => {
    readonly holdToLastFrameP50Ms: number;
    readonly holdToLastFrameP95Ms: number;
    readonly holdToLastFrameMaxMs: number;
    readonly holdsTimed: number;
    /** The voice was between two sounds, so none was last. */
    readonly holdsInPause: number;
  };
}

/** Opens it, for the lines of a worker into which `voice-out-probe.ts` is preloaded. */
export function openHoldBook(): HoldBook {
  const cleared: QueueCleared[] = [];
  const heldAt: number[] = [];
  const resumedAt: number[] = [];
  return {
    see({ event, at, line }) {
      if (event === 'reply-held') heldAt.push(at);
      if (event === 'reply-resumed') resumedAt.push(at);
      if (event === 'queue-cleared') cleared.push(line as unknown as QueueCleared);
    },
    figures() {
      const holds = heldAt.flatMap((held) => {
        const drop = dropOf(held, cleared);
        const until = resumedAt.find((at) => at > held);
        return drop === undefined ? [] : [{ ms: toLastFrameMs(drop, until) }];
      });
      const times = holds.flatMap(({ ms }) => ms ?? []);
      return {
        holdToLastFrameP50Ms: rounded(percentile(times, 0.5)),
        holdToLastFrameP95Ms: rounded(percentile(times, 0.95)),
        holdToLastFrameMaxMs: rounded(percentile(times, 1)),
        holdsTimed: times.length,
        holdsInPause: holds.length - times.length,
      };
    },
  };
}

/**
 * The drop of the queue that a hold made, in the same turn of the event loop; another one may follow it
 * at once. A reply that is held before it sounds drops nothing.
 */
function dropOf(heldAt: number, cleared: readonly QueueCleared[]): QueueCleared | undefined {
  return cleared.find(({ clearedAt }) => Math.abs(clearedAt - heldAt) < SAME_TURN_MS);
}

/** Two clocks are compared: the log's, and the machine's since the process began. */
const SAME_TURN_MS = 50;

/**
 * From the decision to the last frame with sound before `until`, when it went on: 0 where none
 * followed, undefined where there was none before either.
 */
function toLastFrameMs(
  { clearedAt, soundAt }: QueueCleared,
  until = Number.POSITIVE_INFINITY,
): number | undefined {
  const lastAt = soundAt.findLast((at) => at < until);
  return lastAt === undefined ? undefined : Math.max(0, lastAt - clearedAt);
}
