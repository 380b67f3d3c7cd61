import type { EventBody } from '../conversation/events.ts';
import { withDeadline } from '../lib/deadline.ts';
import type { Stage } from '../reply/reply.ts';
import { toSpokenText } from '../reply/speakable.ts';
import { openDesk } from './desk.ts';
import type { Desk, DeskDeps } from './desk.ts';
import type { Mode } from './mouth.ts';
import { openReplies } from './replies.ts';
import type { RepliesDeps } from './replies.ts';

/** What a text mouth is made of. */
export interface TextModeDeps extends RepliesDeps, DeskDeps {
  /** Resolves when a reply may begin to speak; the model is at work meanwhile. Never rejects. */
  readonly beforeSpeaking: (signal: AbortSignal) => Promise<void>;
}

/** How long closing waits for what is being written: a goodbye is to be read. */
export const CLOSE_LIMIT_MS = 1_500;

/** Opens the mouth that writes: each sentence into the reply's segment, and as a chat line. */
export function openTextMode(
  deps: TextModeDeps,
  post: (event: EventBody) => void,
  signal: AbortSignal,
): Mode {
  const desk = openDesk(deps);
  const replies = openReplies(deps, () => makeWriting(deps, desk), post, signal);
  return {
    ...replies,
    ...DEAF,
    note: (text) => desk.note(toSpokenText(text).text, signal),
    async [Symbol.asyncDispose]() {
      replies[Symbol.dispose]();
      const settled = withDeadline(deps.clock, CLOSE_LIMIT_MS, () => desk.settled(), signal);
      await settled.catch(() => undefined);
    },
  };
}

const DEAF: Pick<Mode, 'watchSilence' | 'showTranscript'> = {
  watchSilence: () => undefined,
  showTranscript: () => undefined,
};

/** Gives each piece back once it is written. Whatever ends it, the segment is closed as it stands. */
function makeWriting(deps: TextModeDeps, desk: Desk): Stage {
  return {
    rest: () => [],
    // Nobody is heard, so nobody is waited for.
    hold: () => undefined,
    resume: () => undefined,
    async *deliver(pieces, audible, signal) {
      const page = desk.open(signal);
      let begun = false;
      try {
        for await (const piece of pieces) {
          if (!begun) await deps.beforeSpeaking(signal);
          begun = true;
          if (piece.text !== '') {
            if (!(await page.add(piece.text))) return;
            audible();
          }
          if (signal.aborted) return;
          yield piece;
        }
      } finally {
        page.close();
      }
    },
  };
}
