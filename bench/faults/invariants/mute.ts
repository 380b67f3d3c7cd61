import type { Observations, Violation } from '../observations.ts';
import { disturbancesOf, longestCalm, VISIBILITY_MS, WORD_MS } from './disturbances.ts';
import type { Disturbance } from './disturbances.ts';
import { groupBy } from './holding.ts';

/** How long a visitor who asks may be without a word, in ms, while nothing excuses it. */
export const MUTE_LIMIT_MS = VISIBILITY_MS + WORD_MS;

/**
 * No room is mute longer than V + 5 s. A room is mute from a visitor's question to the next line of
 * its bot, an answer, an apology or any other; the visitor asks again all the while, since nobody hears
 * what is asked while no bot is there. Counted is the longest time in it that nothing excuses
 * (disturbances.ts). A visitor who leaves, or is thrown out by the server, waits no longer.
 */
export function checkMute(
  seen: Pick<
    Observations,
    'asked' | 'lines' | 'seats' | 'faults' | 'leases' | 'fitness' | 'stalls' | 'sent' | 'now'
  >,
): readonly Violation[] {
  const rooms = new Set(seen.asked.map(({ room }) => room));
  return [...rooms].flatMap((room) => {
    const waits = findWaits(room, seen).filter(({ from, to }) => to - from > MUTE_LIMIT_MS);
    if (waits.length === 0) return [];
    const disturbances = disturbancesOf(room, seen);
    return waits.flatMap((wait) => {
      const { ms, until } = longestCalm(wait, disturbances);
      if (ms <= MUTE_LIMIT_MS) return [];
      const what = `no word for ${Math.round(ms)} ms that nothing excuses, ${Math.round(wait.to - wait.from)} ms in all`;
      return [{ invariant: 'mute', key: `${room} ${wait.from}`, at: until, room, what }];
    });
  });
}

/** How many waits there were, and the longest of their excused and not excused times, in ms. */
export function measureWaits(seen: Parameters<typeof checkMute>[0]): {
  readonly questionsWaited: number;
  readonly longestCalmWaitMs: number;
  readonly longestWaitMs: number;
} {
  const waits = [...groupBy(seen.asked, ({ room }) => room).keys()].flatMap((room) => {
    const disturbances = disturbancesOf(room, seen);
    return findWaits(room, seen).map((wait) => ({
      calmMs: longestCalm(wait, disturbances).ms,
      ms: wait.to - wait.from,
    }));
  });
  return {
    questionsWaited: waits.length,
    longestCalmWaitMs: Math.round(Math.max(0, ...waits.map(({ calmMs }) => calmMs))),
    longestWaitMs: Math.round(Math.max(0, ...waits.map(({ ms }) => ms))),
  };
}

type Step = { readonly at: number; readonly what: 'asked' | 'ended' };

/** From each first question to what ends its waiting. */
function findWaits(
  room: string,
  { asked, lines, seats, now }: Pick<Observations, 'asked' | 'lines' | 'seats' | 'now'>,
): readonly Disturbance[] {
  const of = (one: { readonly room: string }): boolean => one.room === room;
  const steps: readonly Step[] = [
    ...asked.filter(of).map(({ at }) => ({ at, what: 'asked' as const })),
    ...lines.filter(of).map(({ at }) => ({ at, what: 'ended' as const })),
    ...seats
      .filter((one) => of(one) && !one.here)
      .map(({ at }) => ({ at, what: 'ended' as const })),
  ].toSorted((a, b) => a.at - b.at);
  const waits: Disturbance[] = [];
  let from: number | undefined;
  for (const { at, what } of steps) {
    if (what === 'asked') from ??= at;
    else if (from !== undefined) {
      waits.push({ from, to: at });
      from = undefined;
    }
  }
  return from === undefined ? waits : [...waits, { from, to: now }];
}
