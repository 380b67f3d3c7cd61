/** The text's characters as they sound: width and marks aside. */
export function plainCharacters(text: string): readonly string[] {
  const plain = text.normalize('NFKC').toLowerCase();
  return Array.from(plain.replaceAll(/[\p{P}\p{S}\s]/gu, ''));
}

/** How many characters must be changed, added or taken away to make one of the other (Levenshtein). */
export function editDistance(one: readonly string[], other: readonly string[]): number {
  let row = Array.from({ length: other.length + 1 }, (_none, at) => at);
  for (const [line, character] of one.entries()) {
    const next = [line + 1];
    for (const [at, its] of other.entries()) {
      const changed = (row[at] ?? 0) + (character === its ? 0 : 1);
      next.push(Math.min(changed, (row[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
