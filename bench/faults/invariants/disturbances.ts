import { kindOf } from '../kinds.ts';
import type { FaultSeen, LeaseSeen, Observations } from '../observations.ts';
import { leaseAt } from './holding.ts';

/** The visibility timeout of a campaign's workers: what a takeover waits for. */
export const VISIBILITY_MS = 10_000;
/** What comes on top: joining, and the visitor's next question. */
export const WORD_MS = 5_000;

/** A time in which a room may be mute; at its end the room's patience begins anew. */
export interface Disturbance {
  readonly from: number;
  readonly to: number;
}

type Seen = Pick<Observations, 'faults' | 'leases' | 'fitness' | 'stalls' | 'sent' | 'now'>;

/**
 * What excuses a room:
 *
 * - the time in which a part is down or refuses that every takeover, or every word, needs (LiveKit,
 *   queue, database), the time in which no worker at all says that it is ready, and that in which the
 *   campaign itself stood still on a busy machine;
 * - the moments in which a fault of its own worker begins and is healed, of the worker that is about to
 *   take it, or of any worker while the room is between two: not the time between them, in which another
 *   is to take the room over;
 * - the time from its bot's failing (too many crashes) until it is called again.
 *
 * Providers' faults excuse nothing: a bot without its model says so.
 */
export function disturbancesOf(room: string, seen: Seen): readonly Disturbance[] {
  return [...ofSharedParts(seen), ...ofWorkers(room, seen), ...ofFailing(room, seen)];
}

/** The longest time from `from` to `to` without a disturbance, in ms. */
export function longestCalm(
  { from, to }: Disturbance,
  disturbances: readonly Disturbance[],
): { readonly ms: number; readonly until: number } {
  let [calmFrom, longest] = [from, { ms: 0, until: from }];
  const close = (until: number): void => {
    if (until - calmFrom > longest.ms) longest = { ms: until - calmFrom, until };
  };
  for (const one of disturbances.toSorted((a, b) => a.from - b.from)) {
    if (one.to < calmFrom || one.from > to) continue;
    close(one.from);
    calmFrom = Math.max(calmFrom, one.to);
  }
  close(to);
  return longest;
}

function ofSharedParts({ faults, fitness, stalls, now }: Seen): readonly Disturbance[] {
  const outages = faults.flatMap(({ at, id, phase, kind }) => {
    if (phase !== 'begin' || kindOf(kind).silences !== 'all') return [];
    return [{ from: at, to: endOf(faults, id) ?? now }];
  });
  const blackouts = fitness.flatMap(({ at, ready }, index) =>
    ready.length > 0 ? [] : [{ from: at, to: fitness[index + 1]?.at ?? now }],
  );
  return [...outages, ...blackouts, ...stalls.map(({ from, at }) => ({ from, to: at }))];
}

function endOf(faults: readonly FaultSeen[], id: number): number | undefined {
  return faults.find((one) => one.id === id && one.phase === 'end')?.at;
}

function ofWorkers(room: string, { faults, leases }: Seen): readonly Disturbance[] {
  const ofRoom = leases.filter((one) => one.room === room);
  let struckAt = Number.NEGATIVE_INFINITY;
  return faults.filter(silencesItsWorker).flatMap(({ at, worker }) => {
    const isHolder = placeOf(holderAt(ofRoom, room, at)) === worker;
    if (!isHolder && at > struckAt + VISIBILITY_MS + WORD_MS) return [];
    if (isHolder) struckAt = at;
    return [{ from: at, to: at }];
  });
}

/** Who holds the room, or where nobody does, who takes it next: it may have its message already. */
function holderAt(leases: readonly LeaseSeen[], room: string, at: number): LeaseSeen | undefined {
  const row = leaseAt(leases, room, at);
  if (row?.status === 'live') return row;
  return leases.find((one) => one.status === 'live' && one.at > at) ?? row;
}

function silencesItsWorker({ kind, path }: FaultSeen): boolean {
  return kindOf(kind).silences === 'rooms-of-worker' && path !== 'stt' && path !== 'tts';
}

/** `w1` of the worker `w1.3`, the third one in that place. */
function placeOf(lease: LeaseSeen | undefined): string | undefined {
  return lease?.worker.split('.')[0];
}

function ofFailing(room: string, { leases, sent, now }: Seen): readonly Disturbance[] {
  return leases
    .filter((one) => one.room === room && one.status === 'failed')
    .map(({ at }) => {
      const call = sent.find((one) => one.room === room && one.kind === 'start' && one.at > at);
      return { from: at, to: call?.at ?? now };
    });
}
