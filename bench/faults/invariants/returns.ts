import type { Observations, Survivor, Violation } from '../observations.ts';

/**
 * What a worker may hold more than before it served anybody. Sockets and files: connections that are
 * kept alive to queue, database and models, the providers' own, a second's remains: 13 more were seen
 * after 200 faults. Memory: code, models and arenas that come with the first rooms and stay: without
 * garbage, 154 MB more were seen at the end of a run. A slow leak is the soak's to find.
 */
const MARGIN = { sockets: 20, files: 40, rssMb: 250 };

/**
 * Places, sockets and memory return: each worker that has survived holds, empty, what it held before.
 * And no worker ends by itself, or otherwise than with 0 when it is asked to.
 */
export function checkReturns({
  survivors,
  exits,
}: Pick<Observations, 'survivors' | 'exits'>): readonly Violation[] {
  const ends = exits.map(({ at, worker, how }) => ({
    invariant: 'returns' as const,
    key: `${worker} ended`,
    at,
    worker,
    what: `${worker} ended by itself, or not in order: ${how}`,
  }));
  return [...ends, ...findExcesses(survivors)];
}

function findExcesses(survivors: readonly Survivor[]): readonly Violation[] {
  return survivors.flatMap(({ at, worker, before, after }) =>
    excesses({ before, after }).map((what) => ({
      invariant: 'returns' as const,
      key: `${worker} ${what.split(' ')[0] ?? ''}`,
      at,
      worker,
      what: `${worker} holds ${what}`,
    })),
  );
}

/** Whether a worker holds no more than it may. */
export function hasReturned(level: Pick<Survivor, 'before' | 'after'>): boolean {
  return excesses(level).length === 0;
}

function excesses({ before, after }: Pick<Survivor, 'before' | 'after'>): readonly string[] {
  const grown = (what: keyof typeof MARGIN): readonly string[] =>
    after[what] <= before[what] + MARGIN[what]
      ? []
      : [`${what} ${Math.round(after[what])}, ${Math.round(before[what])} before`];
  const rooms = after.rooms === 0 ? [] : [`places of ${after.rooms} rooms in which nobody is`];
  return [...rooms, ...grown('sockets'), ...grown('files'), ...grown('rssMb')];
}
