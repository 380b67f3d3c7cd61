import type { LinkEvent } from '../../src/ports/room-link.ts';
import { openChanges } from './until.ts';
import type { Changes } from './until.ts';

type Of<T extends LinkEvent['type']> = Extract<LinkEvent, { readonly type: T }>;

/** Keeps what a link tells. */
export interface LinkRecorder {
  readonly listen: (event: LinkEvent) => void;
  readonly events: readonly LinkEvent[];
  /** The events of one type so far. */
  all<T extends LinkEvent['type']>(type: T): readonly Of<T>[];
  /** Resolves with the first event of this type, or with the `count` first. */
  first<T extends LinkEvent['type']>(type: T, limitMs?: number): Promise<Of<T>>;
  count<T extends LinkEvent['type']>(type: T, count: number): Promise<readonly Of<T>[]>;
  /** Resolves when `look` finds something, now or after a later event. */
  readonly until: Changes['until'];
}

export function openLinkRecorder(): LinkRecorder {
  const events: LinkEvent[] = [];
  const changes = openChanges();
  const all = <T extends LinkEvent['type']>(type: T): readonly Of<T>[] =>
    events.filter((event): event is Of<T> => event.type === type);
  return {
    events,
    listen(event) {
      events.push(event);
      changes.tell();
    },
    all,
    until: changes.until,
    first: (type, limitMs) => changes.until(type, () => all(type)[0], limitMs),
    count: (type, count) =>
      changes.until(`${count} times ${type}`, () => all(type).length >= count && all(type)),
  };
}
