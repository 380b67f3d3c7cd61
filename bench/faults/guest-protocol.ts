/** What a process of visitors is asked to do; each has at most one visitor a room. */
export type GuestErrand = { readonly room: string } & (
  | { readonly do: 'enter'; readonly speaks: boolean }
  | { readonly do: 'say'; readonly text: string }
  /** Says a recording of `dev/speech` aloud. */
  | { readonly do: 'speak'; readonly recording: string }
  | { readonly do: 'leave' }
);

/** What a visitor sees; `at` is in ms since 1970. */
export type GuestSight = { readonly room: string; readonly at: number } &
  /** It is in the room, or was thrown out; `again` after it was thrown out. */
  (
    | { readonly what: 'seat'; readonly here: boolean; readonly again: boolean }
    /** A chat line of a bot; without text, its voice begins to sound. */
    | { readonly what: 'line'; readonly sid: string; readonly text: string }
  );
