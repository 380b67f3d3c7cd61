import type { EventOf } from './events.ts';
import { cutReply } from './on-reply.ts';
import { rememberTurns } from './on-user.ts';
import { withFreshRoster, withoutPerson, withPerson } from './roster.ts';
import type { ConversationPolicy, ConversationState } from './state.ts';
import { step } from './step.ts';
import type { Step } from './step.ts';

/** What a former bot left unanswered comes before what was written while we arrived. */
export function onRoomOpened(
  state: ConversationState,
  event: EventOf<'room-opened'>,
  policy: ConversationPolicy,
): Step {
  if (state.phase !== 'arriving') return step(state);
  const owed = [...event.unanswered, ...state.pending];
  const known = rememberTurns(
    state,
    event.unanswered.map(({ id }) => id),
  );
  const there = withFreshRoster(known, event.people, event.at, policy);
  // By their ids, each once; the inherited come first. All wait from now on: until now nobody could answer.
  const pending = [
    ...new Map(owed.map(({ id, speaker }) => [id, { id, speaker, since: event.at }])).values(),
  ];
  return step({ ...there, phase: 'open', pending, lastActivityAt: event.at });
}

export function onTurnsRemembered(
  state: ConversationState,
  { turnIds }: EventOf<'turns-remembered'>,
): Step {
  return step(rememberTurns(state, turnIds));
}

/** The first bot of a start has a greeting to say, if its character has one. */
export function onJoinedSaid(
  state: ConversationState,
  _event: EventOf<'joined-said'>,
  policy: ConversationPolicy,
): Step {
  return step(policy.hasGreeting ? { ...state, lines: [...state.lines, 'greeting'] } : state);
}

/** Somebody came, or changed name or kind. */
export function onPersonJoined(
  state: ConversationState,
  event: EventOf<'person-joined'>,
  policy: ConversationPolicy,
): Step {
  return step(withPerson(state, event.person, event.at, policy));
}

/** Also while the link is down, when everybody seems to leave: the grace waits for the fresh roster. */
export function onPersonLeft(
  state: ConversationState,
  event: EventOf<'person-left'>,
  policy: ConversationPolicy,
): Step {
  return step(withoutPerson(state, event.identity, event.at, policy));
}

/** Nothing reaches the room: timers that judge people stand still, and no reply starts. */
export function onLinkLost(
  state: ConversationState,
  _event: EventOf<'link-lost'>,
  policy: ConversationPolicy,
): Step {
  const cut = { ...state, link: 'down' } as const;
  return policy.linkLostWhileReplying === 'cut' ? cutReply(cut, 'link-lost') : step(cut);
}

/** As if we had just come: the idle time and everybody's grace begin anew. */
export function onLinkRestored(
  state: ConversationState,
  event: EventOf<'link-restored'>,
  policy: ConversationPolicy,
): Step {
  const there = withFreshRoster(state, event.people, event.at, policy);
  return step({ ...there, link: 'up', lastActivityAt: event.at });
}
