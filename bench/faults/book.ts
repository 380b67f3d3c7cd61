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
  const until = <T extends { readonly at: number }>(all: readonly T[]): readonly T[] =>
    all.filter(({ at }) => at <= now);
  return {
    now,
    faults: until(books.faults),
    asked: until(books.asked),
    spoken: until(books.spoken),
    lines: until(books.lines),
    seats: until(books.seats),
    listings: until(books.listings),
    leases: until(books.leases),
    saves: until(books.saves),
    inbox: until(books.inbox),
    requests: until(books.requests),
    sent: until(books.sent),
    letters: until(books.letters),
    fitness: until(books.fitness),
    residue: until(books.residue),
    survivors: until(books.survivors),
    exits: until(books.exits),
    stalls: until(books.stalls),
  };
}
