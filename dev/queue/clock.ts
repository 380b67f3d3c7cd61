/** The queue's own clock: the machine's, plus what a test has moved it. */
export interface QueueClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** How far it runs ahead of the machine's, in ms. */
  ahead(): number;
  /** Moves it forward at once. */
  advance(ms: number): void;
}

/** A clock that shows the machine's time until it is moved. */
export function makeQueueClock(): QueueClock {
  let ahead = 0;
  return {
    now: () => Date.now() + ahead,
    ahead: () => ahead,
    advance: (ms) => void (ahead += ms),
  };
}
