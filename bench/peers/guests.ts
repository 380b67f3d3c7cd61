/** People in rooms, one a room, whoever the bots are. */
export interface Guests extends AsyncDisposable {
  enter(room: string): Promise<void>;
  leave(room: string): Promise<void>;
  /**
   * Asks the `n`-th question of a talk and waits for the end of its answer. Gives the time to the beginning
   * of the answer in ms, below 0 where it began before the question's end; undefined: there was none.
   */
  ask(room: string, n: number): Promise<number | undefined>;
}
