import type { Character } from '../character/character.ts';
import type { EventBody, ReplyId } from '../conversation/events.ts';
import { toUserMessage } from '../memory/context.ts';
import type { ContextMessage } from '../memory/context.ts';
import { startAnswer } from '../reply/answer.ts';
import type { AnswerDeps, ReplySettings } from '../reply/answer.ts';
import { writePrompt } from '../reply/prompt.ts';
import { startReply } from '../reply/reply.ts';
import type { RunningReply, Stage } from '../reply/reply.ts';
import type { Mouth } from './mouth.ts';

/** What answers are made of, in every mode. */
export interface RepliesDeps extends Omit<AnswerDeps, 'post'> {
  readonly newId: () => string;
  /** The session's memory, newest last. */
  readonly messages: () => readonly ContextMessage[];
  readonly character: Character;
  readonly settings: ReplySettings;
}

/** The replies of a mouth, which differ from mode to mode by their last stage alone. */
export interface Replies extends Omit<Mouth, 'note' | keyof AsyncDisposable>, Disposable {}

/** Opens the replies of one room; disposal cancels all that run. */
export function openReplies(
  deps: RepliesDeps,
  makeStage: () => Stage,
  post: (event: EventBody) => void,
  signal: AbortSignal,
): Replies {
  const running = new Map<ReplyId, { readonly stage: Stage; readonly reply: RunningReply }>();
  const { character, clock, settings } = deps;
  const start = (
    replyId: ReplyId,
    run: (stage: Stage, post: (event: EventBody) => void) => RunningReply,
  ): Stage => {
    const stage = makeStage();
    const forgetting = (event: EventBody): void => {
      if (event.type === 'reply-ended') running.delete(replyId);
      post(event);
    };
    running.set(replyId, { stage, reply: run(stage, forgetting) });
    return stage;
  };
  const answer = (replyId: ReplyId, messages: readonly ContextMessage[]): Stage =>
    start(replyId, (stage, told) => {
      const prompt = writePrompt(character, messages, settings.contextTokens);
      const order = { replyId, recordId: deps.newId(), prompt };
      const model = character.model ?? settings.model;
      return startAnswer({ ...deps, post: told }, order, { ...settings, model }, stage, signal);
    });
  return {
    startReply: (replyId) => void answer(replyId, deps.messages()),
    startLine(replyId, text) {
      start(replyId, (stage, told) => {
        return startReply({ ...deps, post: told }, replyId, () => asOne(text), stage, signal);
      });
    },
    draftReply(replyId, turn) {
      const said = toUserMessage(turn, clock.wallMs());
      answer(replyId, [...deps.messages(), said]).hold();
    },
    releaseReply: (replyId) => running.get(replyId)?.stage.resume(),
    cancelReply: (replyId) => running.get(replyId)?.reply.cancel(),
    holdReply: (replyId) => running.get(replyId)?.stage.hold(),
    resumeReply: (replyId) => running.get(replyId)?.stage.resume(),
    [Symbol.dispose]: () => running.forEach(({ reply }) => reply.cancel()),
  };
}

async function* asOne(text: string): AsyncGenerator<string> {
  yield text;
}
