/** What the process of the visitors is asked to do; each has at most one visitor a room. */
export type Errand = { readonly room: string } & (
  | { readonly do: 'enter' }
  | { readonly do: 'say'; readonly text: string }
  | { readonly do: 'leave' }
);

/** What a visitor sees of the bot; `at` is in ms since 1970. */
export type Sight = { readonly room: string; readonly at: number } & (
  | { readonly what: 'state'; readonly sid: string; readonly state: string }
  | { readonly what: 'gone'; readonly sid: string }
  | { readonly what: 'line'; readonly text: string }
);
