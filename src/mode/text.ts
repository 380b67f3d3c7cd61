import type { Character } from '../character/character.ts';
import type { EventBody, ReplyId, SpokenText } from '../conversation/events.ts';
import type { Clock } from '../lib/clock.ts';
import { withDeadline } from '../lib/deadline.ts';
import type { ContextMessage } from '../memory/context.ts';
import type { Llm } from '../ports/llm.ts';
import type { TurnRecord } from '../ports/memory-store.ts';
import type { Observe } from '../ports/observe.ts';
import type { RoomLink, SegmentWriter } from '../ports/room-link.ts';
import { writePrompt } from '../reply/prompt.ts';
import { startReply } from '../reply/reply.ts';
import type { ReplySettings, RunningReply } from '../reply/reply.ts';
import { toSpokenText } from '../reply/speakable.ts';
import type { Mouth } from './mouth.ts';

/** What a text mouth is made of. */
export interface TextModeDeps {
  readonly llm: Llm;
  readonly clock: Clock;
  readonly observe: Observe;
  readonly random: () => number;
  readonly newId: () => string;
  readonly link: Pick<RoomLink, 'openSegment' | 'sendChatLine'>;
  /** Whether the lease and the link let us publish right now. */
  readonly mayPublish: () => boolean;
  /** Resolves when the reply may speak: at once, or during a handover after the turn's save. */
  readonly beforeSpeaking: (signal: AbortSignal) => Promise<void>;
  /** The session's memory, newest last. */
  readonly messages: () => readonly ContextMessage[];
  readonly character: Character;
  /** Whether replies also go out as classic chat lines. */
  readonly chatLines: boolean;
  readonly settings: ReplySettings;
  /** Gets the books of each reply. */
  readonly finished: (record: TurnRecord) => void;
}

/** Longest wait for the SDK to take a piece. */
const PUBLISH_LIMIT_MS = 5_000;

/** Opens the mouth that writes: each sentence into the reply's segment, and as a chat line. */
export function openTextMode(
  deps: TextModeDeps,
  post: (event: EventBody) => void,
  signal: AbortSignal,
): Mouth {
  const replies = new Map<ReplyId, RunningReply>();
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
      replies.set(
        replyId,
        startReply(
          { ...deps, post: forget },
          order,
          { ...deps.settings, model },
          (pieces, replySignal) => write(deps, pieces, replySignal),
          signal,
        ),
      );
    },
    cancelReply: (replyId) => replies.get(replyId)?.cancel(),
    say(text) {
      const alone = (async function* () {
        yield toSpokenText(text);
      })();
      void drain(write(deps, alone, signal)).catch((error: unknown) =>
        deps.observe({ type: 'publish-failed', what: 'fixed line', error }),
      );
    },
    async [Symbol.asyncDispose]() {
      replies.forEach((reply) => reply.cancel());
    },
  };
}

/** Gives each piece back once it is written. Whatever ends it, the segment is closed as it stands. */
async function* write(
  deps: TextModeDeps,
  pieces: AsyncIterable<SpokenText>,
  signal: AbortSignal,
): AsyncGenerator<SpokenText> {
  const page = openPage(deps, signal);
  try {
    for await (const piece of pieces) {
      await deps.beforeSpeaking(signal);
      if (piece.text !== '') await page.add(piece.text);
      if (signal.aborted || !deps.mayPublish()) return;
      yield piece;
    }
  } finally {
    page.close();
  }
}

/** What one reply shows: its segment, opened with the first text, and its chat lines. */
interface Page {
  add(text: string): Promise<void>;
  close(): void;
}

function openPage(deps: TextModeDeps, signal: AbortSignal): Page {
  let segment: SegmentWriter | undefined;
  let shown = '';
  const publish = async (work: () => Promise<void>): Promise<void> => {
    if (signal.aborted || !deps.mayPublish()) return;
    await withDeadline(deps.clock, PUBLISH_LIMIT_MS, work, signal);
  };
  return {
    async add(text) {
      if (signal.aborted || !deps.mayPublish()) return;
      const open = (segment ??= deps.link.openSegment(deps.newId()));
      const part = shown === '' ? text : joint(shown, text);
      await publish(() => open.write(part));
      shown += part;
      if (deps.chatLines) await publish(() => deps.link.sendChatLine(text));
    },
    close() {
      const open = segment;
      if (open === undefined || !deps.mayPublish()) return;
      withDeadline(deps.clock, PUBLISH_LIMIT_MS, () => open.end(shown)).catch((error: unknown) =>
        deps.observe({ type: 'publish-failed', what: 'segment', error }),
      );
    },
  };
}

/** Japanese sentences follow each other without a space. */
function joint(before: string, text: string): string {
  return /[。！？｡]$/.test(before) ? text : ` ${text}`;
}

async function drain(pieces: AsyncIterable<unknown>): Promise<void> {
  for await (const _piece of pieces);
}
