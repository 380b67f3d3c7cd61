import type { EventBody, Person } from '../conversation/events.ts';
import type { Observe } from '../ports/observe.ts';
import type { Gone, KeptLink, PlaceEvent } from './kept-link.ts';

export interface EarsDeps {
  readonly newId: () => string;
  readonly observe: Observe;
}

/** Who is told what. */
export interface Listeners {
  readonly post: (event: EventBody) => void;
  /** The place is lost for good. */
  readonly gone: (why: Gone) => void;
  /** A backend wants the talk to be held so. */
  readonly modeAsked: (mode: 'text' | 'voice') => unknown;
}

/** Longest line that a model gets to read, in characters; people who type more get the rest ignored. */
const MAX_LINE = 4_000;
/** Ids and names are the sender's to choose; they are kept in memory and written into prompts. */
const MAX_ID = 128;
const MAX_NAME = 64;

/**
 * Turns what the place tells of chat and people into the conversation's events, in every mode: first
 * those who are there, then what has happened since the join, then what happens.
 */
export function listen(
  deps: EarsDeps,
  link: Pick<KeptLink, 'listen' | 'people'>,
  { post, gone, modeAsked }: Listeners,
): void {
  for (const person of peopleIn(link)) post({ type: 'person-joined', person });
  link.listen((event) => {
    if (event.type === 'gone') return gone(event.reason);
    if (event.type === 'mode-asked') return void modeAsked(event.mode);
    const heard = hear(deps, link, event);
    if (heard !== undefined) post(heard);
  });
}

/** Who is there, as the conversation knows people. */
export function peopleIn(link: Pick<KeptLink, 'people'>): readonly Person[] {
  return link.people().map(toKnown);
}

function hear(
  deps: EarsDeps,
  link: Pick<KeptLink, 'people'>,
  event: Exclude<PlaceEvent, { readonly type: 'gone' | 'mode-asked' }>,
): EventBody | undefined {
  if (event.type === 'chat-received') return hearLine(deps, event);
  if (event.type === 'person-joined') return { ...event, person: toKnown(event.person) };
  if (event.type === 'lost') return { type: 'link-lost' };
  if (event.type === 'restored') return { type: 'link-restored', people: peopleIn(link) };
  if (event.type === 'person-left') return event;
  deps.observe(event);
  return undefined;
}

function hearLine(
  { newId, observe }: EarsDeps,
  { wire, id = newId(), person, text }: Extract<PlaceEvent, { readonly type: 'chat-received' }>,
): EventBody | undefined {
  const line = readable(text, MAX_LINE);
  if (line === '') {
    observe({ type: 'chat-refused', wire, reason: 'empty' });
    return undefined;
  }
  // Ids are the sender's own: nobody may take away another's line by using its id first.
  const turnId = `${person.identity}/${id.slice(0, MAX_ID)}`;
  return { type: 'chat-received', id: turnId, person: toKnown(person), text: line };
}

/** A name is one line: the model reads `Name: text` and could be made to read more. */
function toKnown(person: Person): Person {
  const name = readable(person.name.replaceAll(/\s+/g, ' '), MAX_NAME);
  return { ...person, name: name === '' ? person.identity : name };
}

/** Without control characters, but for line breaks, and within bounds. */
function readable(text: string, most: number): string {
  const clean = text.replaceAll(/\r\n?/g, '\n').replaceAll(/(?!\n)\p{Cc}/gu, ' ');
  return clean.trim().slice(0, most).toWellFormed();
}
