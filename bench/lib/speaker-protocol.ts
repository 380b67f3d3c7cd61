/** What a process of people with microphones is asked to do; each has at most one in a room. */
export type SpeakerErrand = { readonly room: string } & (
  | { readonly do: 'enter' }
  /** Says a recording of `dev/speech`. */
  | { readonly do: 'say'; readonly recording: string }
  /** Comes as a bot that plays back whatever it hears. */
  | { readonly do: 'echo' }
  | { readonly do: 'leave' }
);

/** A bot's voice is heard, or not any more; `at` is in ms since 1970. */
export interface Heard {
  readonly what: 'heard';
  readonly room: string;
  readonly at: number;
  readonly isLoud: boolean;
}
