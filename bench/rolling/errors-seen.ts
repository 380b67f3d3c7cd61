import type { GuestSight } from '../lib/guest-protocol.ts';

/** What a guest should never see of a rollout. */
export interface ErrorsSeen {
  /** The bot excused itself: it could not answer, hear or speak. */
  readonly excuses: number;
  /** The bot told again that it has joined. */
  readonly joinedAgain: number;
  /** The guest's own path into the room was cut. */
  readonly cutOff: number;
}

/** Counts them over all rooms. */
export function errorsSeen(rooms: readonly (readonly GuestSight[])[]): ErrorsSeen {
  const all = rooms.flat();
  const lines = rooms.map((sights) =>
    sights.flatMap((one) => (one.what === 'line' ? [one.text] : [])),
  );
  const joined = lines.map((of) => of.filter((text) => text.endsWith(' has joined the chat!')));
  return {
    excuses: lines.flat().filter((text) => EXCUSE.test(text)).length,
    joinedAgain: joined.reduce((sum, { length }) => sum + Math.max(0, length - 1), 0),
    cutOff: all.filter(({ what }) => what === 'cut').length,
  };
}

/** The beginnings of the bot's fixed lines for its own failures. */
export const EXCUSE =
  /^(Sorry, I could not answer that|I cannot hear or speak at the moment|I can tell that somebody is speaking, but)/u;
