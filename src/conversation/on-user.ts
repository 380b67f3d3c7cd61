import type { DropReason } from './commands.ts';
import type { EventOf, Turn, TurnId } from './events.ts';
import { dropDraftUnlike } from './draft.ts';
import { cutReply } from './on-reply.ts';
import type { ConversationPolicy, ConversationState, Floor } from './state.ts';
import { andThen, step } from './step.ts';
import type { Step } from './step.ts';
import { fitsTurn, interrupts, isAddressed, mayWait, settlesAt } from './turn-policy.ts';

type ChatReceived = EventOf<'chat-received'>;

/** Far more lines than a client sends between the two copies of one. */
const REMEMBERED_TURNS = 256;

/** A line is part of a turn, or it is dropped with a reason. */
export function onChatReceived(
  state: ConversationState,
  event: ChatReceived,
  policy: ConversationPolicy,
): Step {
  const reason = whyDropped(state, event);
  if (reason !== undefined) return step(state, { type: 'drop-turn', turnId: event.id, reason });
  const known = { ...rememberTurns(state, [event.id]), lastActivityAt: event.at };
  return takeLine(known, event, policy);
}

/** Finishes the turns of all who have been quiet for long enough by `dueAt`, first line first. */
export function finishSettled(
  state: ConversationState,
  dueAt: number,
  policy: ConversationPolicy,
): Step {
  return [...state.floors.values()]
    .filter((floor) => settlesAt(floor, policy) <= dueAt)
    .reduce(
      (before, floor) => andThen(before, (now) => finishTurn(now, floor, policy)),
      step(state),
    );
}

/** When the first of those who settle has finished. */
export function settleDueAt(
  state: ConversationState,
  policy: ConversationPolicy,
): number | undefined {
  if (state.floors.size === 0) return undefined;
  return Math.min(...[...state.floors.values()].map((floor) => settlesAt(floor, policy)));
}

/** Keeps these ids, so that a repeat is known as one. */
export function rememberTurns(
  state: ConversationState,
  turnIds: readonly TurnId[],
): ConversationState {
  const known = new Set([...state.recentTurnIds, ...turnIds]);
  return { ...state, recentTurnIds: [...known].slice(-REMEMBERED_TURNS) };
}

function whyDropped(state: ConversationState, event: ChatReceived): DropReason | undefined {
  if (state.phase === 'leaving') return 'leaving';
  if (event.person.kind === 'bot') return 'not-human';
  return state.recentTurnIds.includes(event.id) ? 'repeated' : undefined;
}

function takeLine(state: ConversationState, event: ChatReceived, policy: ConversationPolicy): Step {
  const { id, person, text, at } = event;
  const line: Floor = {
    kind: 'settling',
    turnId: id,
    speaker: person,
    texts: [text],
    lastLineAt: at,
  };
  const floor = state.floors.get(person.identity);
  if (floor === undefined) return settle(state, line, policy);
  if (!fitsTurn(floor, text)) {
    return andThen(finishTurn(state, floor, policy), (next) => settle(next, line, policy));
  }
  return settle(state, { ...floor, texts: [...floor.texts, text], lastLineAt: at }, policy);
}

function settle(state: ConversationState, floor: Floor, policy: ConversationPolicy): Step {
  if (policy.chatSettleMs <= 0) return finishTurn(state, floor, policy);
  return step({ ...state, floors: new Map(state.floors).set(floor.speaker.identity, floor) });
}

function finishTurn(state: ConversationState, floor: Floor, policy: ConversationPolicy): Step {
  const speaker = floor.speaker.identity;
  const floors = new Map(state.floors);
  floors.delete(speaker);
  const said = {
    id: floor.turnId,
    speaker,
    name: floor.speaker.name,
    text: floor.texts.join('\n'),
    at: floor.lastLineAt,
  };
  const turn = { ...said, addressed: isAddressed(state, said, policy) };
  return commitTurn({ ...state, floors }, turn, policy);
}

/**
 * Takes a finished turn into the talk. What is not for the bot is context for later and waits for
 * nothing, so it is never a flood.
 */
export function commitTurn(state: ConversationState, turn: Turn, policy: ConversationPolicy): Step {
  if (turn.addressed && !mayWait(state, policy)) {
    return step(state, { type: 'drop-turn', turnId: turn.id, reason: 'flood' });
  }
  // A draft knows nothing of a turn that is not its own.
  const fitting = dropDraftUnlike(state, turn);
  const committed = andThen(fitting, (now) => step(now, { type: 'commit-turn', turn }));
  return turn.addressed ? andThen(committed, (now) => owe(now, turn, policy)) : committed;
}

function owe(state: ConversationState, turn: Turn, policy: ConversationPolicy): Step {
  const { id, speaker, at } = turn;
  const waiting = { ...state, pending: [...state.pending, { id, speaker, since: at }] };
  return interrupts(waiting, turn, policy) ? cutReply(waiting, 'new-turn') : step(waiting);
}
