/** Numbers that a seed decides. */
export interface Random {
  /** 0 up to, not including, 1. */
  next(): number;
  /** From `from` up to `to`. */
  between(from: number, to: number): number;
  /** How long until the next of events that come at `rate` a second, in seconds. */
  untilNext(rate: number): number;
  /** A time that is spread log-normally, as waiting times are. */
  spread(spread: Spread): number;
  /** Whole, from 0 up to, not including, `count`. */
  index(count: number): number;
}

/** A log-normal distribution by two of its percentiles, in seconds. */
export interface Spread {
  readonly p50: number;
  readonly p95: number;
}

/** Numbers of a stream of their own: the same for the same seed and name (mulberry32). */
export function makeRandom(seed: number, stream: string): Random {
  let state = Array.from(stream).reduce(
    (hash, letter) => Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193),
    seed ^ 0x811c9dc5,
  );

  function next(): number {
    state = Math.trunc(state + 0x6d2b79f5);
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  return {
    next,
    between: (from, to) => from + next() * (to - from),
    untilNext: (rate) => -Math.log(1 - next()) / rate,
    spread({ p50, p95 }) {
      const normal = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
      return p50 * Math.exp((Math.log(p95 / p50) / Z95) * normal);
    },
    index: (count) => Math.floor(next() * count),
  };
}

/** How many deviations the 95th percentile of a normal distribution lies above its middle. */
const Z95 = 1.645;

/** The mean of a log-normal distribution, in seconds. */
export function meanOf({ p50, p95 }: Spread): number {
  return p50 * Math.exp((Math.log(p95 / p50) / Z95) ** 2 / 2);
}
