/** What a reply comes to while it is made to be spoken; of each the first time counts. */
export type Milestone =
  | 'model-asked'
  | 'first-token'
  /** The first sentence, or what was cut of it, is handed on to the voice. */
  | 'first-chunk'
  | 'voice-asked'
  | 'first-sound';

/** Notes that a reply has come so far. */
export type Mark = (milestone: Milestone) => void;
