import type { GuestSight } from './guest-protocol.ts';
import { openLookout } from './lookout.ts';

/** What guests saw and heard, room by room, in the order in which it came. */
export interface SightBook {
  readonly tell: (sight: GuestSight) => void;
  of(room: string): readonly GuestSight[];
  /** Resolves with the first sight behind `after` that fits, past or to come; undefined: none in time. */
  next(room: string, after: number, fits: Fits, limitMs: number): Promise<GuestSight | undefined>;
  forget(room: string): void;
}

type Fits = (sight: GuestSight) => boolean;

export function openSightBook(): SightBook {
  const pages = new Map<string, GuestSight[]>();
  const lookout = openLookout();
  const of = (room: string): readonly GuestSight[] => pages.get(room) ?? [];
  return {
    tell(sight) {
      const page = pages.get(sight.room);
      if (page === undefined) pages.set(sight.room, [sight]);
      else page.push(sight);
      lookout.changed();
    },
    of,
    next: (room, after, fits, limitMs) =>
      lookout.until(() => of(room).find((sight) => sight.at > after && fits(sight)), limitMs),
    forget: (room) => void pages.delete(room),
  };
}

/** A bot that can be talked with, as LiveKit's own front ends take it. */
export const USABLE: ReadonlySet<string> = new Set(['listening', 'thinking', 'speaking']);

export function isUsableBot(sight: GuestSight): boolean {
  return sight.what === 'state' && USABLE.has(sight.state);
}

/** The bot's voice begins to be heard. */
export function isLoud(sight: GuestSight): boolean {
  return sight.what === 'heard' && sight.isLoud;
}

/** The bot's voice is not heard any more. */
export function isQuiet(sight: GuestSight): boolean {
  return sight.what === 'heard' && !sight.isLoud;
}

/** Something that the bot says; what it writes down of the guest's own speech is nothing of its own. */
export function isLine(sight: GuestSight): boolean {
  return sight.what === 'line' && !sight.text.startsWith('[TRANSCRIPTION]:');
}
