import type { EventBody } from '../conversation/events.ts';
import type { Observe } from '../ports/observe.ts';
import type { PlaceEvent } from './kept-link.ts';

export interface EarsDeps {
  readonly newId: () => string;
  readonly observe: Observe;
}

/** Longest line that a model gets to read, in characters; people who type more get the rest ignored. */
const MAX_LINE = 4_000;

/** Turns what the place tells of chat and people into the conversation's events, in every mode. */
export function hear(
  deps: EarsDeps,
  event: Extract<PlaceEvent, { readonly type: `person-${string}` | `chat-${string}` }>,
): EventBody | undefined {
  if (event.type === 'chat-refused') {
    deps.observe({ type: 'chat-refused', wire: event.wire, reason: event.reason });
    return undefined;
  }
  if (event.type !== 'chat-received') return event;
  const text = readable(event.text);
  if (text === '') {
    deps.observe({ type: 'chat-refused', wire: event.wire, reason: 'empty' });
    return undefined;
  }
  const { person } = event;
  // Ids are the sender's own: nobody may take away another's line by using its id first.
  const id = `${person.identity}/${event.id ?? deps.newId()}`;
  return { type: 'chat-received', id, person, text };
}

/** Without control characters, but for line breaks, and within bounds. */
function readable(text: string): string {
  const clean = text.replaceAll(/\r\n?/g, '\n').replaceAll(/(?!\n)\p{Cc}/gu, ' ');
  return clean.trim().slice(0, MAX_LINE).toWellFormed();
}
