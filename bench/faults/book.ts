import type { Observations } from './observations.ts';

/** The lists of what is seen. */
export type Books = {
  readonly [Name in Exclude<keyof Observations, 'now'>]: Observations[Name][number][];
};

/** Empty books. */
export function openBooks(): Books {
  return {
    faults: [],
    asked: [],
    spoken: [],
    lines: [],
    seats: [],
    listings: [],
    leases: [],
    saves: [],
    inbox: [],
    requests: [],
    sent: [],
    letters: [],
    fitness: [],
    residue: [],
    survivors: [],
    exits: [],
    stalls: [],
  };
}

/** What was seen until a moment: some books are read later than the others. */
export function seenUntil(books: Books, now: number): Observations {
  const seen = Object.entries<readonly { readonly at: number }[]>(books).map(
    ([name, all]) => [name, all.filter(({ at }) => at <= now)] as const,
  );
  return { now, ...(Object.fromEntries(seen) as Books) };
}
