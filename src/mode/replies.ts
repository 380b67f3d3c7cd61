import type { Character } from '../character/character.ts';
import type { EventBody, ReplyId, TurnId } from '../conversation/events.ts';
import { toUserMessage } from '../memory/context.ts';
import type { ContextMessage } from '../memory/context.ts';
import { startAnswer } from '../reply/answer.ts';
import type { AnswerDeps, ReplySettings } from '../reply/answer.ts';
import type { TurnRecord } from '../ports/memory-store.ts';
import type { Mark } from '../reply/mark.ts';
import { writePrompt } from '../reply/prompt.ts';
import { startReply } from '../reply/reply.ts';
import type { RunningReply, Stage } from '../reply/reply.ts';
import type { Mouth } from './mouth.ts';
import type { ReplyTimes } from './reply-times.ts';

/** What answers are made of, in every mode. */
export interface RepliesDeps extends Omit<AnswerDeps, 'post' | 'mark' | 'finished'> {
  /** Gets the books of each answer and the turn that it was to, before its end is posted. */
  readonly finished: (record: TurnRecord, turnId: TurnId | undefined) => void;
  readonly newId: () => string;
  /** The session's memory, newest last. */
  readonly messages: () => readonly ContextMessage[];
  readonly character: Character;
  readonly settings: ReplySettings;
  /** Where answers are to be timed. */
  readonly times?: Pick<ReplyTimes, 'begin' | 'decide' | 'end'>;
}

/** The replies of a mouth, which differ from mode to mode by their last stage alone. */
export interface Replies extends Omit<Mouth, 'note' | keyof AsyncDisposable>, Disposable {}

/** Opens the replies of one room; disposal cancels all that run. */
export function openReplies(
  deps: RepliesDeps,
  makeStage: (turnId: TurnId | undefined, mark?: Mark) => Stage,
  post: (event: EventBody) => void,
  signal: AbortSignal,
): Replies {
  const running = new Map<ReplyId, { readonly stage: Stage; readonly reply: RunningReply }>();
  /** Those that nobody may hear yet. */
  const drafts = new Set<ReplyId>();
  const { character, clock, settings, times } = deps;
  const forget = (replyId: ReplyId): void => {
    running.delete(replyId);
    times?.end(replyId);
  };
  const start = (
    replyId: ReplyId,
    run: (stage: Stage, post: (event: EventBody) => void) => RunningReply,
    turnId?: TurnId,
    mark?: Mark,
  ): Stage => {
    const stage = makeStage(turnId, mark);
    const forgetting = (event: EventBody): void => {
      if (event.type === 'reply-ended') forget(replyId);
      post(event);
    };
    running.set(replyId, { stage, reply: run(stage, forgetting) });
    return stage;
  };
  const answer = (
    replyId: ReplyId,
    messages: readonly ContextMessage[],
    how: 'reply' | 'draft',
  ): Stage => {
    const turnId = messages.findLast(isTurn)?.id;
    const mark = times?.begin(replyId, turnId, how);
    const run: Parameters<typeof start>[1] = (stage, post) => {
      const prompt = writePrompt(character, messages, settings.contextTokens);
      const order = { replyId, recordId: deps.newId(), prompt, turnId };
      const model = character.model ?? settings.model;
      const finished = (record: TurnRecord): void =>
        deps.finished(drafts.delete(replyId) ? { ...record, outcome: 'unused' } : record, turnId);
      const answerDeps = { ...deps, post, mark, finished };
      return startAnswer(answerDeps, order, { ...settings, model }, stage, signal);
    };
    return start(replyId, run, turnId, mark);
  };
  return {
    startReply(replyId) {
      answer(replyId, deps.messages(), 'reply');
      times?.decide(replyId);
    },
    startLine(replyId, text) {
      start(replyId, (stage, told) => {
        return startReply({ ...deps, post: told }, replyId, () => asOne(text), stage, signal);
      });
    },
    draftReply(replyId, turn) {
      const said = toUserMessage(turn, clock.wallMs());
      drafts.add(replyId);
      answer(replyId, [...deps.messages(), said], 'draft').hold();
    },
    releaseReply(replyId) {
      drafts.delete(replyId);
      times?.decide(replyId);
      running.get(replyId)?.stage.resume();
    },
    cancelReply: (replyId) => running.get(replyId)?.reply.cancel(),
    holdReply: (replyId) => running.get(replyId)?.stage.hold(),
    resumeReply: (replyId) => running.get(replyId)?.stage.resume(),
    [Symbol.dispose]: () => running.forEach(({ reply }) => reply.cancel()),
  };
}

function isTurn({ role }: ContextMessage): boolean {
  return role === 'user';
}

async function* asOne(text: string): AsyncGenerator<string> {
  yield text;
}
