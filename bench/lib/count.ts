/**
 * Reads a number of rooms or trials from the command line.
 * @throws Error when it is not a whole number above 0.
 */
export function readCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new Error(`not a whole number above 0: ${text}`);
  return count;
}
