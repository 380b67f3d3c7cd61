import type { SpokenText } from '../conversation/events.ts';
import type { Stage } from '../reply/reply.ts';
import type { Desk, Page } from './desk.ts';

export interface WritingDeps {
  /** Resolves when a reply may begin to speak; the model is at work meanwhile. Never rejects. */
  readonly beforeSpeaking: (signal: AbortSignal) => Promise<void>;
  /** Whether what is on its way still gets to the room: not where we leave it over a path that is cut. */
  readonly arrives: () => boolean;
}

/**
 * Makes the stage that writes a reply: it gives each piece back once it is written. A piece that is on
 * its way when the reply is cut counts as written where it gets there; else its turn would go unanswered.
 * Whatever ends it, the segment is closed as it stands.
 */
export function makeWriting(deps: WritingDeps, desk: Desk): Stage {
  /** What the room has, or is about to have. */
  const sent: SpokenText[] = [];
  /** How many of these it has. */
  let there = 0;
  const write = async (page: Page, piece: SpokenText): Promise<boolean> => {
    const before = sent.length;
    try {
      const isWritten = await page.add(piece.text, () => void sent.push(piece));
      there = sent.length;
      return isWritten;
    } catch (error) {
      sent.length = before;
      throw error;
    }
  };
  return {
    rest: (told) => sent.slice(told, deps.arrives() ? sent.length : there),
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
          if (piece.text === '') sent.push(piece);
          else if (await write(page, piece)) audible();
          else return;
          if (signal.aborted) return;
          yield piece;
        }
      } finally {
        page.close();
      }
    },
  };
}
