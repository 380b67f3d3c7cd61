import { percentile, rounded } from '../lib/percentile.ts';
import type { Answer } from './guests.ts';

/** How answers came; times are in ms. */
export interface TalkFigures {
  readonly questions: number;
  readonly unanswered: number;
  /** Before the question's end: they are in the times below as less than nothing. */
  readonly answeredTooEarly: number;
  readonly beganP50Ms: number;
  readonly beganP95Ms: number;
  readonly endedP50Ms: number;
  readonly endedP95Ms: number;
}

/** Of each question its answer; undefined: there was none. */
export function talkFigures(asked: readonly (Answer | undefined)[]): TalkFigures {
  const answers = asked.filter((answer) => answer !== undefined);
  const at = (share: number, of: (answer: Answer) => number): number =>
    rounded(percentile(answers.map(of), share));
  return {
    questions: asked.length,
    unanswered: asked.length - answers.length,
    answeredTooEarly: answers.filter(({ beganMs }) => beganMs < 0).length,
    beganP50Ms: at(0.5, ({ beganMs }) => beganMs),
    beganP95Ms: at(0.95, ({ beganMs }) => beganMs),
    endedP50Ms: at(0.5, ({ endedMs }) => endedMs),
    endedP95Ms: at(0.95, ({ endedMs }) => endedMs),
  };
}
