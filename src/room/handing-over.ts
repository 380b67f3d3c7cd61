import type { EventBody } from '../conversation/events.ts';
import type { Clock } from '../lib/clock.ts';
import { withDeadline } from '../lib/deadline.ts';
import type { ContextWriter } from '../memory/context-writer.ts';

export interface HandingOverDeps {
  readonly clock: Clock;
  readonly writer: Pick<ContextWriter, 'saved'>;
  readonly post: (event: EventBody) => void;
}

/** Whether the room is being handed over, and what that changes. */
export interface HandingOver {
  readonly isOn: () => boolean;
  /**
   * Finishes or cuts the reply and saves; from then on it is on.
   * @throws DeadlineExceeded or the signal's reason when either does not come about; it is off then.
   */
  prepare(signal: AbortSignal): Promise<void>;
  /** Nothing is being said: the conversation's answer to `prepare`. */
  readonly ready: () => void;
  /** There is no handover, or its successor came back to us. */
  readonly withdraw: () => void;
  /**
   * Resolves when a reply may speak: at once, or while handing over when its turn is saved, since
   * the successor may come at any moment. A database that is away keeps nobody waiting for ever:
   * then there can be no successor either.
   */
  readonly untilTurnIsSafe: (signal: AbortSignal) => Promise<void>;
}

/** A reply gets five seconds to end (`handoverReplyMs`), its cut a moment. */
const READY_LIMIT_MS = 6_000;

export function openHandingOver({ clock, writer, post }: HandingOverDeps): HandingOver {
  let on = false;
  let silence = Promise.withResolvers<void>();

  function withdraw(): void {
    on = false;
    post({ type: 'handover-withdrawn' });
  }

  return {
    isOn: () => on,
    withdraw,
    ready() {
      silence.resolve();
      silence = Promise.withResolvers();
    },
    async prepare(signal) {
      on = true;
      const silent = silence.promise;
      post({ type: 'handover-requested' });
      try {
        await withDeadline(clock, READY_LIMIT_MS, () => silent, signal);
        await writer.saved(signal);
      } catch (error) {
        withdraw();
        throw error;
      }
    },
    async untilTurnIsSafe(signal) {
      if (on) await writer.saved(signal).catch(() => undefined);
    },
  };
}
