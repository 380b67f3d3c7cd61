import { makeDisguise } from './pseudonyms.ts';

/** Gives a recording's copy of a value of the core: an event, a command, a state. */
export type Redact = <T>(value: T) => T;

/** What must stay as it is for the core, and how it is reached. */
export interface RedactOptions {
  /** What the bot listens to: its names and phrases. */
  readonly names: readonly string[];
  /** Begins the ids of turns spoken in this talk. */
  readonly voiceIds: string;
  /** Gives numbers from 0 up to 1. */
  readonly random: () => number;
}

/** Copies as it is. */
export const asItIs: Redact = (value) => value;

/**
 * Makes what takes out of one talk what people and the bot said, wrote and are called. Words and names
 * become others ({@link makeDisguise}), identities and ids become numbered ones; the same becomes the
 * same. A text of a kind that is not known here counts as words: what is new in the core is hidden.
 */
export function makeRedact({ names, voiceIds, random }: RedactOptions): Redact {
  const disguise = makeDisguise(names, random);
  const people = new Map<string, string>();
  const turns = new Map<string, string>();

  function personOf(identity: string): string {
    return identity === '' ? '' : numbered(people, 'person', identity);
  }

  /** The core itself makes ids of a speaker, this talk's prefix and a number. */
  function turnOf(id: string): string {
    const slash = id.lastIndexOf('/');
    const [identity, rest] = [id.slice(0, slash), id.slice(slash + 1)];
    const isOurs =
      slash >= 0 && rest.startsWith(voiceIds) && /^(?:-\d+)?$/.test(rest.slice(voiceIds.length));
    return isOurs ? `${personOf(identity)}/${rest}` : numbered(turns, 'turn', id);
  }

  function textOf(text: string, field: string): string {
    if (CLOSED.has(field)) return text;
    if (PEOPLE.has(field)) return personOf(text);
    return IDS.has(field) ? turnOf(text) : disguise(text);
  }

  function copy(value: unknown, field: string): unknown {
    if (typeof value === 'string') return textOf(value, field);
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((item) => copy(item, field));
    if (value instanceof Map) {
      const keyOf = (key: string): string => (field === 'timers' ? key : personOf(key));
      return new Map(
        [...(value as ReadonlyMap<string, unknown>)].map(([key, item]) => [
          keyOf(key),
          copy(item, ''),
        ]),
      );
    }
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copy(item, key)]));
  }

  return <T>(value: T): T => copy(value, '') as T;
}

/** Fields whose texts are one of a few that the core lists. */
export const CLOSED: ReadonlySet<string> = new Set([
  'type',
  'kind',
  'end',
  'reason',
  'timer',
  'line',
  'lines',
  'phase',
  'pendingLeave',
  'handover',
  'link',
  'shownState',
  'state',
]);
/** Fields that say who. */
const PEOPLE: ReadonlySet<string> = new Set(['identity', 'speaker', 'speakers', 'by']);
const IDS: ReadonlySet<string> = new Set(['id', 'turnId', 'recentTurnIds', 'turnIds', 'answers']);

function numbered(known: Map<string, string>, what: string, name: string): string {
  const number = known.get(name) ?? `${what}-${known.size + 1}`;
  known.set(name, number);
  return number;
}
