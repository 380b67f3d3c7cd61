/** Who has a seat, and may have to leave it to somebody who needs it more. */
export interface Sitter {
  /** Since when nothing of it would be lost, by the clock; `undefined`: something would. */
  idleSinceMs(): number | undefined;
  /** Gives its seat back before it returns. */
  rise(): void;
}

/** So many may sit here at the same time. */
export interface Seats {
  readonly count: number;
  readonly taken: Set<Sitter>;
}

/** Makes `count` free seats. */
export function makeSeats(count: number): Seats {
  return { count, taken: new Set() };
}

/** Whether there is a seat in each of these; who is in need may have that of the idlest. */
export function hasSeat(all: readonly Seats[], inNeed: boolean): boolean {
  return all.every(({ count, taken }) => {
    return taken.size < count || (inNeed && idlest(taken) !== undefined);
  });
}

/** Takes a seat in each of these, which have one; disposal gives them back. */
export function takeSeat(all: readonly Seats[], sitter: Sitter): Disposable {
  for (const { count, taken } of all) {
    if (taken.size >= count) idlest(taken)?.rise();
    taken.add(sitter);
  }
  return { [Symbol.dispose]: () => all.forEach(({ taken }) => taken.delete(sitter)) };
}

function idlest(taken: ReadonlySet<Sitter>): Sitter | undefined {
  const idle = [...taken].map((sitter) => [sitter, sitter.idleSinceMs() ?? Infinity] as const);
  const [first] = idle.filter(([, since]) => since < Infinity).sort(([, a], [, b]) => a - b);
  return first?.[0];
}
