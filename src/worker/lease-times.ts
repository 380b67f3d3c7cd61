/** The lease's times, all from the visibility timeout V, in ms; in brackets at V = 60 s. */
export interface LeaseTimes {
  readonly visibilityMs: number;
  /** Between two beats (20 s), before jitter. */
  readonly beatMs: number;
  /** How long after the send time of its last good beat a lease may be trusted (50 s). */
  readonly trustMs: number;
  /** How long before that end the database is asked, and how often (5 s). */
  readonly askMs: number;
  /** How long a "held" permits, from when it was asked (8 s). */
  readonly permitMs: number;
  /** How long the database may give no answer (30 s). */
  readonly giveUpMs: number;
  /** How often lateness is looked for, and the least pause before a failed beat's retry (1 s). */
  readonly tickMs: number;
}

/** Times scale with V, so that a test at V = 3 s walks the same road. */
export function leaseTimes(visibilityMs: number): LeaseTimes {
  const part = (share: number): number => visibilityMs / share;
  return {
    visibilityMs,
    beatMs: part(3),
    trustMs: visibilityMs - part(6),
    askMs: part(12),
    permitMs: part(7.5),
    giveUpMs: part(2),
    tickMs: part(60),
  };
}
