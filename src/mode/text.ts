import type { Character } from '../character/character.ts';
import type { EventBody, ReplyId } from '../conversation/events.ts';
import { withDeadline } from '../lib/deadline.ts';
import type { ContextMessage } from '../memory/context.ts';
import type { Llm } from '../ports/llm.ts';
import type { TurnRecord } from '../ports/memory-store.ts';
import { writePrompt } from '../reply/prompt.ts';
import { startReply } from '../reply/reply.ts';
import type { ReplySettings, RunningReply, Stage } from '../reply/reply.ts';
import { toSpokenText } from '../reply/speakable.ts';
import { openDesk } from './desk.ts';
import type { Desk, DeskDeps } from './desk.ts';
import type { Mode } from './mouth.ts';

/** What a text mouth is made of. */
export interface TextModeDeps extends DeskDeps {
  readonly llm: Llm;
  readonly random: () => number;
  /** Resolves when a reply may begin to speak; the model is at work meanwhile. Never rejects. */
  readonly beforeSpeaking: (signal: AbortSignal) => Promise<void>;
  /** The session's memory, newest last. */
  readonly messages: () => readonly ContextMessage[];
  readonly character: Character;
  readonly settings: ReplySettings;
  /** Gets the books of each reply. */
  readonly finished: (record: TurnRecord) => void;
}

/** How long closing waits for what is being written: a goodbye is to be read. */
const CLOSE_LIMIT_MS = 1_500;

/** Opens the mouth that writes: each sentence into the reply's segment, and as a chat line. */
export function openTextMode(
  deps: TextModeDeps,
  post: (event: EventBody) => void,
  signal: AbortSignal,
): Mode {
  const replies = new Map<ReplyId, RunningReply>();
  const desk = openDesk(deps);
  let said = Promise.resolve();
  return {
    startReply(replyId) {
      const model = deps.character.model ?? deps.settings.model;
      const order = {
        replyId,
        recordId: deps.newId(),
        prompt: writePrompt(deps.character, deps.messages(), deps.settings.contextTokens),
      };
      const forget = (event: EventBody): void => {
        if (event.type === 'reply-ended') replies.delete(replyId);
        post(event);
      };
      const settings = { ...deps.settings, model };
      const stage = makeWriting(deps, desk);
      replies.set(replyId, startReply({ ...deps, post: forget }, order, settings, stage, signal));
    },
    cancelReply: (replyId) => replies.get(replyId)?.cancel(),
    ...SILENT,
    say(text) {
      const before = said;
      said = desk.tend('fixed line', async () => {
        await before;
        const page = desk.open(signal);
        try {
          await page.add(toSpokenText(text).text);
        } finally {
          page.close();
        }
      });
    },
    async [Symbol.asyncDispose]() {
      replies.forEach((reply) => reply.cancel());
      const settled = withDeadline(deps.clock, CLOSE_LIMIT_MS, () => desk.settled(), signal);
      await settled.catch(() => undefined);
    },
  };
}

/** Nothing is held that is written, and nobody is heard. */
const SILENT: Pick<Mode, 'holdReply' | 'resumeReply' | 'watchSilence' | 'showTranscript'> = {
  holdReply: () => undefined,
  resumeReply: () => undefined,
  watchSilence: () => undefined,
  showTranscript: () => undefined,
};

/** Gives each piece back once it is written. Whatever ends it, the segment is closed as it stands. */
function makeWriting(deps: TextModeDeps, desk: Desk): Stage {
  return {
    rest: () => [],
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
