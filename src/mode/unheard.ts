/** Notices that somebody speaks and that no word of it comes. */
export interface UnheardWatch {
  /** They were speaking, up to here, for so long; in ms of their sound. */
  spoke(toMs: number, ms: number): void;
  /** Words have come. */
  heard(): void;
}

/** So much speech without a word is more than bad luck. */
const LIMIT_MS = 5_000;
/** After such a rest it is another speech: coughs of an hour are none. */
const REST_MS = 10_000;

/** Opens the watch over one speaker; `tell` is called again for each further 5 s. */
export function watchUnheard(tell: () => void): UnheardWatch {
  let unheardMs = 0;
  let spokeTo = 0;
  return {
    spoke(toMs, ms) {
      if (toMs - ms - spokeTo > REST_MS) unheardMs = 0;
      spokeTo = toMs;
      unheardMs += ms;
      if (unheardMs < LIMIT_MS) return;
      unheardMs = 0;
      tell();
    },
    heard: () => void (unheardMs = 0),
  };
}
