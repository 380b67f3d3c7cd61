import { isTroupeError } from '../errors.ts';
import { onAbort } from '../lib/abort.ts';
import { openBell } from '../lib/bell.ts';
import type { Clock } from '../lib/clock.ts';
import { openReplay } from '../lib/replay.ts';
import type { Observe } from '../ports/observe.ts';
import type { Stage } from '../reply/reply.ts';

export interface WrittenIfMuteDeps {
  readonly clock: Clock;
  readonly observe: Observe;
}

/**
 * Makes the stage of a reply that is spoken, or written from its beginning where no voice makes a
 * sound of it: no room is left mute.
 */
export function writtenIfMute(
  { clock, observe }: WrittenIfMuteDeps,
  speaking: Stage,
  writing: Stage,
): Stage {
  const bell = openBell(clock);
  let isHeld = false;
  let isWritten = false;

  /** What may not be heard may not be read either. */
  async function untilFree(signal: AbortSignal): Promise<void> {
    using _listener = onAbort(signal, bell.ring);
    const isFree = (): boolean => !isHeld || signal.aborted;
    while (!isFree()) await bell.rung();
  }

  return {
    async *deliver(pieces, audible, signal) {
      const text = openReplay(pieces);
      let isHeard = false;
      const heard = (): void => {
        isHeard = true;
        text.forget();
        audible();
      };
      try {
        yield* speaking.deliver(text.read(), heard, signal);
      } catch (error) {
        const isMute = isTroupeError(error) && error.service === 'tts' && !isHeard;
        if (!isMute || signal.aborted) throw error;
        observe({ type: 'provider-failed', provider: 'tts', error });
        await untilFree(signal);
        isWritten = true;
        yield* writing.deliver(text.read(), audible, signal);
      } finally {
        text.close();
      }
    },
    rest(told) {
      if (!isWritten) return speaking.rest(told);
      speaking.rest(0);
      return writing.rest(told);
    },
    hold() {
      isHeld = true;
      speaking.hold();
    },
    resume() {
      isHeld = false;
      bell.ring();
      speaking.resume();
    },
  };
}
