/** How long the character took to answer, as the guest saw or heard it. */
export interface TurnLatency {
  /** The end of what was asked and not yet answered, in ms. */
  readonly askedAt?: number | undefined;
  /** Of the last answer. */
  readonly lastMs?: number | undefined;
}

/** A line as far as its time matters. */
interface TimedLine {
  readonly id: string;
  readonly who: 'me' | 'agent' | 'other';
  readonly text: string;
  readonly typed: boolean;
}

/**
 * Follows the transcript from `before` to `after`, at `now`. A question ends when it was written, or
 * with its last sound (`voicedAt`) rather than with its transcript, which comes later. The answer
 * begins with its first words, which come with their sound.
 */
export function followTurn(
  latency: TurnLatency,
  before: ReadonlyMap<string, string>,
  after: readonly TimedLine[],
  now: number,
  voicedAt: number | undefined,
): TurnLatency {
  let next = latency;
  for (const { id, who, text, typed } of after) {
    const known = before.get(id);
    if (known === text) continue;
    if (who === 'me') next = { ...next, askedAt: typed ? now : (voicedAt ?? now) };
    const answers = who === 'agent' && known === undefined;
    if (answers && next.askedAt !== undefined) next = { lastMs: now - next.askedAt };
  }
  return next;
}
