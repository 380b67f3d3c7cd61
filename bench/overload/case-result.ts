/** What one kind of overload did to the talks, and to the worker. */
export interface CaseResult {
  readonly case: string;
  /** Rooms that asked for a bot, and that got one in the end. */
  readonly rooms: number;
  readonly served: number;
  readonly turns: number;
  /** Turns that were answered, or excused in words. */
  readonly answered: number;
  readonly excused: number;
  /** Turns after which the room heard and read nothing. */
  readonly mute: number;
  /** How the worker ended when it was asked to; anything but 0 is a crash. */
  readonly workerEnded: number | string;
  /** More figures of this case. */
  readonly figures: Readonly<Record<string, unknown>>;
}
