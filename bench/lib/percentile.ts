/** The value below which `share` (0 to 1) of `values` lie, by the nearest rank; NaN for none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** Rounds for a report. */
export function rounded(value: number, digits = 1): number {
  return Number(value.toFixed(digits));
}
