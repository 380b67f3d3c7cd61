import type { FixedLine, RoomCommand } from '../conversation/commands.ts';
import type { SpokenLine, TurnId } from '../conversation/events.ts';
import type { Clock } from '../lib/clock.ts';
import { toUserMessage } from '../memory/context.ts';
import type { ContextMessage } from '../memory/context.ts';
import type { Mode } from '../mode/mouth.ts';
import type { LeaveReason } from '../ports/bot.ts';
import type { Observe, TurnChannel } from '../ports/observe.ts';
import type { KeptLink } from './kept-link.ts';

/** What carries the conversation's commands out. */
export interface CommandDeps {
  readonly clock: Clock;
  readonly observe: Observe;
  readonly newId: () => string;
  readonly link: Pick<KeptLink, 'showAgentState' | 'forsakeCut'>;
  readonly mode: Omit<Mode, 'note' | keyof AsyncDisposable>;
  /** How a turn of this talk came. */
  readonly channelOf: (turnId: TurnId) => TurnChannel;
  /** Keeps a message in the memory and saves it. */
  readonly remember: (message: ContextMessage) => void;
  readonly sayLine: (line: FixedLine) => void;
  /** What the character says there; empty where it has no such words. */
  readonly wordsOf: (line: SpokenLine) => string;
  readonly isHandingOver: () => boolean;
  /** Nothing is being said: the room may be handed over. */
  readonly handoverReady: () => void;
  readonly leave: (reason: LeaveReason) => void;
  /** A handler threw, which is a defect of ours. */
  readonly failed: (error: unknown) => void;
}

type Handlers = {
  readonly [T in RoomCommand['type']]: (
    command: Extract<RoomCommand, { readonly type: T }>,
  ) => void;
};

/** Makes the one table of what each command does; none is waited for, none throws. */
export function makeCommands(deps: CommandDeps): (command: RoomCommand) => void {
  const handlers: Handlers = {
    'commit-turn': ({ turn }) => {
      const { id: turnId, addressed } = turn;
      const [channel, at] = [deps.channelOf(turnId), deps.clock.wallMs()];
      deps.observe({ type: 'turn-committed', turnId, channel, addressed, at });
      deps.remember(toUserMessage(turn, at));
    },
    'drop-turn'({ turnId, reason }) {
      deps.observe({ type: 'turn-dropped', turnId, channel: deps.channelOf(turnId), reason });
    },
    'start-reply': ({ replyId, line }) =>
      line === undefined
        ? deps.mode.startReply(replyId)
        : deps.mode.startLine(replyId, deps.wordsOf(line)),
    'draft-reply': ({ replyId, turn }) => deps.mode.draftReply(replyId, turn),
    'release-reply': ({ replyId }) => deps.mode.releaseReply(replyId),
    'cancel-reply'({ replyId, reason }) {
      deps.mode.cancelReply(replyId, reason);
      deps.observe({ type: 'reply-cancelled', reason });
      // Its turn may be the successor's to answer.
      if (deps.isHandingOver()) deps.link.forsakeCut();
    },
    'hold-playout'({ replyId }) {
      deps.mode.holdReply(replyId);
      deps.observe({ type: 'reply-held' });
    },
    'resume-playout'({ replyId }) {
      deps.mode.resumeReply(replyId);
      deps.observe({ type: 'reply-resumed' });
    },
    'watch-silence': ({ identity, watchId, silenceMs }) =>
      deps.mode.watchSilence(identity, watchId, silenceMs),
    'show-transcript': (transcript) => deps.mode.showTranscript(transcript),
    'commit-reply': ({ answers, heard, end }) => {
      if (heard === '' && answers.length === 0) return;
      const [id, at] = [deps.newId(), deps.clock.wallMs()];
      deps.remember({ role: 'assistant', id, text: heard, at, answers, ended: end });
    },
    say: ({ line }) => deps.sayLine(line),
    'show-agent-state': ({ state }) => deps.link.showAgentState(state),
    'report-handover-ready': () => deps.handoverReady(),
    leave: ({ reason }) => deps.leave(reason),
  };
  return (command) => {
    try {
      (handlers[command.type] as (command: RoomCommand) => void)(command);
    } catch (error) {
      deps.failed(error);
    }
  };
}
