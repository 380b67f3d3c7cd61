/** What the process of the visitors is asked to do; each has at most one visitor a room. */
export type Errand = { readonly id: number; readonly room: string } & (
  | { readonly do: 'enter' }
  | { readonly do: 'say'; readonly text: string }
  | { readonly do: 'leave' }
);

/** What comes back; `at` is in ms since 1970. */
export type Report = Done | Sight;

/** An errand is done; `at` is when it was begun. */
export interface Done {
  readonly what: 'done';
  readonly id: number;
  readonly at: number;
  readonly error?: string;
}

/** What a visitor sees of the bot. */
export type Sight = { readonly room: string; readonly at: number } & (
  | { readonly what: 'state'; readonly sid: string; readonly state: string }
  | { readonly what: 'gone'; readonly sid: string }
  | { readonly what: 'line'; readonly text: string }
);
