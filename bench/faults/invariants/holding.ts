import type { LeaseSeen, Request } from '../observations.ts';

/** The epoch under which a worker may speak in a room at a moment: the last that it was granted. */
function epochOf(
  leases: readonly LeaseSeen[],
  { worker, room, at }: { readonly worker: string; readonly room: string; readonly at: number },
): number | undefined {
  return leases.findLast((one) => one.room === room && one.worker === worker && one.at <= at)
    ?.epoch;
}

/** The row of a room as it was at a moment. */
export function leaseAt(
  leases: readonly LeaseSeen[],
  room: string,
  at: number,
): LeaseSeen | undefined {
  return leases.findLast((one) => one.room === room && one.at <= at);
}

/** Under which epochs the model was asked about a token until a moment. */
export function epochsAsking(
  leases: readonly LeaseSeen[],
  requests: readonly Request[],
  { room, token, at }: { readonly room: string; readonly token: string; readonly at: number },
): readonly number[] {
  const epochs = requests
    .filter((one) => one.token === token && one.at <= at)
    .map((one) => epochOf(leases, { worker: one.worker, room, at: one.at }))
    .filter((epoch) => epoch !== undefined);
  return [...new Set(epochs)];
}

/** Values by a key of theirs, in their order. */
export function groupBy<T>(
  values: readonly T[],
  keyOf: (value: T) => string,
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const group = groups.get(keyOf(value));
    if (group === undefined) groups.set(keyOf(value), [value]);
    else group.push(value);
  }
  return groups;
}
