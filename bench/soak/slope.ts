/** One reading: what was read, and when, in any unit of time. */
export interface Reading {
  readonly at: number;
  readonly value: number;
}

/** How a quantity moves. */
export interface Slope {
  /** Change of the value in one unit of time. */
  readonly perUnit: number;
  /** Standard error of that: a slope within two of them of zero tells nothing. */
  readonly standardError: number;
}

/** Fits a line by least squares. NaN without two readings at different times; no error below three. */
export function slopeOf(readings: readonly Reading[]): Slope {
  const count = readings.length;
  const meanOf = (of: (one: Reading) => number): number => sumOf(readings, of) / count;
  const [meanAt, meanValue] = [meanOf(({ at }) => at), meanOf(({ value }) => value)];
  const spread = sumOf(readings, ({ at }) => (at - meanAt) ** 2);
  if (!(spread > 0)) return { perUnit: Number.NaN, standardError: Number.NaN };
  const shared = sumOf(readings, ({ at, value }) => (at - meanAt) * (value - meanValue));
  const perUnit = shared / spread;
  const offLine = ({ at, value }: Reading): number =>
    (value - meanValue - perUnit * (at - meanAt)) ** 2;
  return { perUnit, standardError: Math.sqrt(sumOf(readings, offLine) / (count - 2) / spread) };
}

function sumOf(readings: readonly Reading[], of: (one: Reading) => number): number {
  return readings.reduce((sum, one) => sum + of(one), 0);
}
