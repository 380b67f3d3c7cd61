import type { Stage } from '../reply/reply.ts';
import type { Desk } from './desk.ts';

export interface WritingDeps {
  /** Resolves when a reply may begin to speak; the model is at work meanwhile. Never rejects. */
  readonly beforeSpeaking: (signal: AbortSignal) => Promise<void>;
}

/**
 * Makes the stage that writes a reply: it gives each piece back once it is written. Whatever ends it,
 * the segment is closed as it stands.
 */
export function makeWriting(deps: WritingDeps, desk: Desk): Stage {
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
