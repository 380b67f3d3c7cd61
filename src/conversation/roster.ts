import type { Person } from './events.ts';
import type { ConversationPolicy, ConversationState } from './state.ts';

type People = ReadonlyMap<string, Person>;
type Rule = ConversationPolicy['leaveWhen'];

/** A human of whom only the absence is known; back as soon as anybody is. */
export const SOMEBODY: Person = { identity: '', name: '', kind: 'human' };

/** The identities of the humans among `people`. */
export function humansOf(people: Iterable<Person>): ReadonlySet<string> {
  return new Set(
    [...people].filter(({ kind }) => kind === 'human').map(({ identity }) => identity),
  );
}

/** One more person, or one whose name or kind changed. */
export function withPerson(
  state: ConversationState,
  person: Person,
  at: number,
  policy: ConversationPolicy,
): ConversationState {
  return replacePeople(state, [...state.people.values(), person], at, policy);
}

/** Without that person; unknown identities change nothing. */
export function withoutPerson(
  state: ConversationState,
  identity: string,
  at: number,
  policy: ConversationPolicy,
): ConversationState {
  const others = [...state.people.values()].filter((person) => person.identity !== identity);
  return replacePeople(state, others, at, policy);
}

/**
 * The roster as the link lists it when the path is whole. Whoever is missing counts as gone from
 * now: how long they had been away before says nothing about whether they come back.
 */
export function withFreshRoster(
  state: ConversationState,
  people: readonly Person[],
  at: number,
  policy: ConversationPolicy,
): ConversationState {
  const next = replacePeople(state, people, at, policy);
  const absentSince = new Map([...next.absentSince.keys()].map((identity) => [identity, at]));
  return { ...next, absentSince };
}

function replacePeople(
  state: ConversationState,
  list: readonly Person[],
  at: number,
  policy: ConversationPolicy,
): ConversationState {
  const people: People = new Map(list.map((person) => [person.identity, person]));
  const before = humansOf(state.people.values());
  const now = humansOf(list);
  const someoneCame = [...now].some((identity) => !before.has(identity));
  return {
    ...state,
    people,
    absentSince: absences(state.absentSince, before, now, at, policy.leaveWhen),
    lastActivityAt: someoneCame ? at : state.lastActivityAt,
  };
}

/** Under `last-human` absences count only while no human is left; under `any-human` each counts. */
function absences(
  absentSince: ReadonlyMap<string, number>,
  before: ReadonlySet<string>,
  now: ReadonlySet<string>,
  at: number,
  rule: Rule,
): ReadonlyMap<string, number> {
  if (rule === 'last-human' && now.size > 0) return new Map();
  const isBack = (identity: string): boolean =>
    now.has(identity) || (identity === SOMEBODY.identity && now.size > 0);
  const stillAbsent = [...absentSince].filter(([identity]) => !isBack(identity));
  const gone = [...before].filter((identity) => !now.has(identity));
  return new Map([...stillAbsent, ...gone.map((identity) => [identity, at] as const)]);
}
