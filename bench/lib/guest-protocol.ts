import type { Heard } from './speaker-protocol.ts';
import type { Sight } from './visitor-protocol.ts';

/** What the process of guests who write and speak is asked to do; each has at most one in a room. */
export type GuestErrand = { readonly room: string } & (
  | { readonly do: 'enter'; readonly hasMicrophone: boolean }
  | { readonly do: 'write'; readonly text: string }
  /** Says a recording of `dev/speech`. */
  | { readonly do: 'speak'; readonly recording: string }
  | { readonly do: 'leave' }
);

/** What a guest sees and hears of the bot, or that its own path into the room was cut. */
export type GuestSight =
  | Sight
  | Heard
  | { readonly what: 'cut'; readonly room: string; readonly at: number };
