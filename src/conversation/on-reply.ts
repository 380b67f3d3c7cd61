import type { CancelReason } from './commands.ts';
import type { EventOf, ReplyEnd, ReplyId, TurnId } from './events.ts';
import { isAll, voidDraft } from './draft.ts';
import { rememberOwn } from './echo.ts';
import { endOf, hear, stillOwed } from './heard.ts';
import type { ConversationState, LiveReply, OwedTurn } from './state.ts';
import { andThen, step } from './step.ts';
import type { Step } from './step.ts';

/** Says the first line that waits, or answers all turns that do; `mayReply` was asked before. */
export function startReply(state: ConversationState): Step {
  const [line, ...lines] = state.lines;
  const answers = line === undefined ? state.pending : [];
  const pending = line === undefined ? [] : state.pending;
  const { draft } = state;
  if (draft !== undefined && isAll(answers, draft.turnId)) {
    const { replyId } = draft;
    const released = { ...state, draft: undefined, pending, reply: begun(replyId, answers) };
    return step(released, { type: 'release-reply', replyId });
  }
  const replyId = state.lastReplyId + 1;
  const reply = begun(replyId, answers, line);
  return andThen(voidDraft(state), (now) =>
    step(
      { ...now, lastReplyId: replyId, lines, pending, reply },
      { type: 'start-reply', replyId, answers: idsOf(answers), line },
    ),
  );
}

function begun(
  replyId: ReplyId,
  answers: readonly OwedTurn[],
  line?: LiveReply['line'],
): LiveReply {
  const quiet = { heard: '', stopping: false, held: undefined } as const;
  const waited = answers.map(({ waitsFor: _over, ...turn }) => turn);
  return { kind: 'thinking', replyId, answers: waited, line, ...quiet };
}

/**
 * Cancels the reply, if one runs. It stays ours until its end comes, in the same tick as a rule:
 * the mouth first says how much was heard, and only then the next prompt may be built.
 */
export function cutReply(state: ConversationState, reason: CancelReason): Step {
  const { reply } = state;
  if (reply.kind === 'none' || reply.stopping) return step(state);
  return step(
    { ...state, reply: { ...reply, stopping: true } },
    { type: 'cancel-reply', replyId: reply.replyId, reason },
  );
}

/** From now on it is no longer thought of, but spoken. */
export function onReplyAudible(state: ConversationState, event: EventOf<'reply-audible'>): Step {
  const reply = live(state, event.replyId);
  if (reply === undefined) return step(state);
  const audibleAt = reply.audibleAt ?? event.at;
  return step({ ...state, reply: { ...reply, kind: 'speaking', audibleAt } });
}

/** Counts after a cancel too: the piece was on its way. */
export function onReplyProgress(state: ConversationState, event: EventOf<'reply-progress'>): Step {
  const reply = live(state, event.replyId);
  if (reply === undefined) return step(state);
  return step({ ...rememberOwn(state, event), reply: hear(reply, event.piece) });
}

/** The mouth is done with it, of itself or for a cancel. */
export function onReplyEnded(state: ConversationState, event: EventOf<'reply-ended'>): Step {
  // A draft that failed is made again as the reply.
  if (event.replyId === state.draft?.replyId) return step({ ...state, draft: undefined });
  const reply = live(state, event.replyId);
  return reply ? endReply(state, reply, event.end, event.at) : step(state);
}

/** The mouth did not answer the cancel in time: what was heard until now is what was heard. */
export function onReplyCutDue(state: ConversationState, at: number): Step {
  const { reply } = state;
  return reply.kind === 'none' ? step(state) : endReply(state, reply, 'interrupted', at);
}

/** The only way out of a reply, so each is committed once. Late events find it gone. */
function endReply(state: ConversationState, reply: LiveReply, told: ReplyEnd, at: number): Step {
  const end = endOf(reply, told, state.link);
  const owed = stillOwed(reply, end, at);
  const { replyId, answers, heard, line, audibleAt = at } = reply;
  const failed = end === 'failed';
  return step(
    {
      ...state,
      reply: { kind: 'none' },
      spokenMs: state.spokenMs + at - audibleAt,
      lines: failed && line === undefined ? [...state.lines, 'apology'] : state.lines,
      pending: [...owed, ...state.pending],
      lastActivityAt: at,
      lastAnswer:
        heard === '' || answers.length === 0
          ? state.lastAnswer
          : { speakers: answers.map(({ speaker }) => speaker), at },
    },
    { type: 'commit-reply', replyId, answers: owed.length > 0 ? [] : idsOf(answers), heard, end },
    // What cannot be spoken is to be read at least.
    ...(failed && line !== undefined ? [{ type: 'say', line } as const] : []),
  );
}

function idsOf(turns: readonly OwedTurn[]): readonly TurnId[] {
  return turns.map(({ id }) => id);
}

/** The running reply if it is the one meant: late events of an old one carry an old id. */
function live(state: ConversationState, replyId: ReplyId): LiveReply | undefined {
  return state.reply.kind !== 'none' && state.reply.replyId === replyId ? state.reply : undefined;
}
