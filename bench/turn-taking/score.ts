/** A turn as it was said: when its last sound was, in ms, and whether the bot owes an answer. */
export interface SaidTurn {
  readonly speaker: string;
  readonly endsMs: number;
  readonly answered: boolean;
}

/** A turn as it was taken. */
export interface TakenTurn {
  readonly speaker: string;
  readonly atMs: number;
  readonly addressed: boolean;
}

/** What was wrong with a scene; each counts turns. */
export interface Score {
  readonly turns: number;
  /** Taken before its speaker had finished. */
  readonly tooEarly: number;
  /** Taken later than `LATE_MS` behind its end, or not at all. */
  readonly tooLate: number;
  /** Answered though it was not for the bot, or was no turn at all. */
  readonly answeredUnaddressed: number;
  /** For the bot, and not answered. */
  readonly unanswered: number;
  /** From the end of each turn to its taking, in ms. */
  readonly delaysMs: readonly number[];
}

/** Words of a slow provider included. */
const LATE_MS = 2_000;
/** The last sound of a recording fades: a listener may have enough of it a little sooner. */
const FADE_MS = 80;

/** Compares what was said with what was taken, each speaker's turns in their order. */
export function scoreScene(said: readonly SaidTurn[], taken: readonly TakenTurn[]): Score {
  const speakers = new Set([...said, ...taken].map(({ speaker }) => speaker));
  const scores = [...speakers].map((speaker) =>
    scoreSpeaker(
      said.filter((one) => one.speaker === speaker),
      taken.filter((one) => one.speaker === speaker),
    ),
  );
  return sumOf(scores);
}

/** All scores as one. */
export function sumOf(scores: readonly Score[]): Score {
  const sum = (of: (score: Score) => number): number =>
    scores.reduce((before, score) => before + of(score), 0);
  return {
    turns: sum(({ turns }) => turns),
    tooEarly: sum(({ tooEarly }) => tooEarly),
    tooLate: sum(({ tooLate }) => tooLate),
    answeredUnaddressed: sum(({ answeredUnaddressed }) => answeredUnaddressed),
    unanswered: sum(({ unanswered }) => unanswered),
    delaysMs: scores.flatMap(({ delaysMs }) => delaysMs),
  };
}

function scoreSpeaker(said: readonly SaidTurn[], taken: readonly TakenTurn[]): Score {
  const left = [...taken];
  const scores = said.map((turn): Score => {
    const early = takeWhile(left, ({ atMs }) => atMs < turn.endsMs - FADE_MS);
    const next = left.shift();
    const delayMs = next === undefined ? Infinity : next.atMs - turn.endsMs;
    const parts = [...early, ...(next === undefined ? [] : [next])];
    const isAnswered = parts.some(({ addressed }) => addressed);
    return {
      turns: 1,
      tooEarly: early.length > 0 ? 1 : 0,
      tooLate: delayMs > LATE_MS ? 1 : 0,
      answeredUnaddressed: isAnswered && !turn.answered ? 1 : 0,
      unanswered: turn.answered && !isAnswered ? 1 : 0,
      delaysMs: Number.isFinite(delayMs) ? [delayMs] : [],
    };
  });
  const surplus = left.filter(({ addressed }) => addressed).length;
  return { ...sumOf(scores), answeredUnaddressed: sumOf(scores).answeredUnaddressed + surplus };
}

function takeWhile<T>(all: T[], test: (one: T) => boolean): readonly T[] {
  const end = all.findIndex((one) => !test(one));
  return all.splice(0, end < 0 ? all.length : end);
}
