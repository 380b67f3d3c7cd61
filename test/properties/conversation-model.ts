import * as fc from 'fast-check';
import type { Command } from '../../src/conversation/commands.ts';
import { openConversation } from '../../src/conversation/conversation.ts';
import type { Conversation } from '../../src/conversation/conversation.ts';
import type { ConversationEvent, EventBody } from '../../src/conversation/events.ts';
import { initialState } from '../../src/conversation/state.ts';
import type { ConversationPolicy, ConversationState } from '../../src/conversation/state.ts';
import { openHandClock } from '../support/hand-clock.ts';
import type { HandClock } from '../support/hand-clock.ts';

/** One event as the core saw it, and what came of it. */
export interface Entry {
  readonly event: ConversationEvent;
  readonly before: ConversationState;
  readonly after: ConversationState;
  readonly commands: readonly Command[];
}

/** A whole talk. */
export interface History {
  readonly policy: ConversationPolicy;
  readonly entries: readonly Entry[];
}

/** How the mouth takes a cancel: at once; at once, with a last piece; not at all. */
export type MouthKind = 'prompt' | 'talkative' | 'mute';

/** A room in which anything may happen at any time. */
export interface ModelRoom {
  readonly conversation: Conversation;
  readonly clock: HandClock;
  /** Numbers lines and pieces, so that each is known again. */
  readonly count: () => number;
}

/** One thing that happens. */
export type Act = (room: ModelRoom) => void;

/** Lets it all happen, on the real shell and made-up time. */
export function live(policy: ConversationPolicy, mouth: MouthKind, acts: readonly Act[]): History {
  const entries: Entry[] = [];
  const clock = openHandClock();
  let before = initialState(0);
  let numbers = 0;
  const conversation = openConversation(
    {
      clock,
      tap(event, after, commands) {
        entries.push({ event, before, after, commands });
        before = after;
      },
    },
    () => policy,
    (command) => {
      if (command.type !== 'cancel-reply' || mouth === 'mute') return;
      const { replyId } = command;
      if (mouth === 'talkative') conversation.post(progress(replyId, 'cut '));
      conversation.post({ type: 'reply-ended', replyId, end: 'interrupted' });
    },
  );
  const count = (): number => (numbers += 1);
  for (const act of acts) act({ conversation, clock, count });
  const history: History = { policy, entries };
  return Object.assign(history, { [fc.toStringMethod]: () => tell(history) });
}

/**
 * Lives a talk to its end: the link comes back, who speaks falls silent, the mouth finishes every reply
 * that it was not told to stop, and all timers get their time.
 */
export const liveToTheEnd: Act = ({ conversation, clock }) => {
  const people = [...conversation.state().people.values()];
  conversation.post({ type: 'room-opened', people, unanswered: [] });
  conversation.post({ type: 'link-restored', people });
  for (const identity of conversation.state().voices.keys()) {
    conversation.post({ type: 'microphone-silent', identity });
  }
  for (let round = 0; round < 24; round += 1) {
    clock.pass(150);
    const { reply } = conversation.state();
    if (reply.kind === 'none' || reply.stopping) continue;
    conversation.post(progress(reply.replyId, 'done'));
    conversation.post({ type: 'reply-ended', replyId: reply.replyId, end: 'finished' });
  }
};

/** A piece of a reply is heard. */
export function progress(replyId: number, text: string): EventBody {
  return { type: 'reply-progress', replyId, piece: { text, original: text } };
}

/** A history as fast-check prints it when a property fails. */
function tell({ policy, entries }: History): string {
  const told = entries.map(({ event, commands }) => {
    const { type, at, ...rest } = event;
    return `${at} ${type} ${JSON.stringify(rest)} -> ${JSON.stringify(commands)}`;
  });
  return [JSON.stringify(policy), ...told].join('\n').replace(/(?:long )+/g, 'long ');
}
