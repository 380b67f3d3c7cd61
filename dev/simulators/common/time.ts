/** Milliseconds since 1970 with fractions, never going back: comparable between processes. */
export function nowMs(): number {
  return performance.timeOrigin + performance.now();
}
