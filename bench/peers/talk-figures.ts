import { percentile, rounded } from '../lib/percentile.ts';

/** How answers came; times are in ms. */
export interface TalkFigures {
  readonly questions: number;
  readonly unanswered: number;
  /** Before the question's end: they are in the times below as less than nothing. */
  readonly answeredTooEarly: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
}

/** From the time of each answer; undefined: there was none. */
export function talkFigures(answers: readonly (number | undefined)[]): TalkFigures {
  const times = answers.filter((ms) => ms !== undefined);
  return {
    questions: answers.length,
    unanswered: answers.length - times.length,
    answeredTooEarly: times.filter((ms) => ms < 0).length,
    p50Ms: rounded(percentile(times, 0.5)),
    p95Ms: rounded(percentile(times, 0.95)),
  };
}
