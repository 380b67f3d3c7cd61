/** An answer as whoever asked saw or heard it: times after the question's end, in ms. */
export interface Answer {
  /** To its beginning; below 0 where it began before the question's end. */
  readonly beganMs: number;
  /** To its end. */
  readonly endedMs: number;
}

/** People in rooms, one a room, whoever the bots are. */
export interface Guests extends AsyncDisposable {
  enter(room: string): Promise<void>;
  leave(room: string): Promise<void>;
  /** Asks the `n`-th question of a talk and waits for the end of its answer; undefined: there was none. */
  ask(room: string, n: number): Promise<Answer | undefined>;
}
