import type { LeaseSeen, Observations, Seat, Violation } from '../observations.ts';
import { disturbancesOf, longestCalm, VISIBILITY_MS, WORD_MS } from './disturbances.ts';

/** How long a bot may take into a room in which somebody waits, and to greet: as long as it may be mute. */
const GREETED_MS = VISIBILITY_MS + WORD_MS;
/** A line may arrive this much later than the change of the row that follows it. */
const CROSSING_MS = 1_500;

/**
 * The joined line comes once for each start that finds no live bot (a grant that arrives `fresh`): over
 * takeovers and handovers until the next such start never a second time; and it does come where a
 * visitor was there all the time and nothing disturbed the room.
 */
export function checkJoinedOnce(
  seen: Pick<
    Observations,
    'lines' | 'leases' | 'seats' | 'faults' | 'fitness' | 'stalls' | 'sent' | 'now'
  >,
): readonly Violation[] {
  const grants = findFreshGrants(seen.leases);
  return grants.flatMap((grant) => {
    const { room, at, epoch } = grant;
    const next = grants.find((one) => one.room === room && one.epoch > epoch);
    const until = next === undefined ? seen.now : next.at;
    const lines = seen.lines.filter(
      (one) => one.room === room && isJoinedLine(one.text) && one.at >= at && one.at < until,
    );
    const second = lines.filter((one) => one.at < until - CROSSING_MS || next === undefined)[1];
    const key = `${room} ${epoch}`;
    if (second !== undefined) {
      const what = `the joined line came ${lines.length} times since the start of epoch ${epoch}`;
      return [{ invariant: 'joined-once', key, at: second.at, room, what }];
    }
    if (lines.length > 0 || !isOwed(grant, until, seen)) return [];
    const what = `no joined line within ${GREETED_MS} ms of the start of epoch ${epoch}`;
    return [{ invariant: 'joined-once', key, at: at + GREETED_MS, room, what }];
  });
}

/** Whether a text is the line. */
function isJoinedLine(text: string): boolean {
  return text.endsWith(' has joined the chat!');
}

function findFreshGrants(leases: readonly LeaseSeen[]): readonly LeaseSeen[] {
  const seen = new Set<string>();
  return leases.filter(({ room, epoch, arrival, status }) => {
    const key = `${room} ${epoch}`;
    if (arrival !== 'fresh' || status !== 'live' || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function isOwed(
  { room, at }: LeaseSeen,
  until: number,
  seen: Parameters<typeof checkJoinedOnce>[0],
): boolean {
  const to = at + GREETED_MS;
  if (until < to || seen.now < to || !isSeated(seen.seats, room, { from: at, to })) return false;
  if (seen.leases.some((one) => one.room === room && one.at > at && one.at < to)) return false;
  return longestCalm({ from: at, to }, disturbancesOf(room, seen)).ms >= GREETED_MS;
}

function isSeated(
  seats: readonly Seat[],
  room: string,
  { from, to }: { readonly from: number; readonly to: number },
): boolean {
  const before = seats.findLast((one) => one.room === room && one.at < from);
  const between = seats.some((one) => one.room === room && one.at >= from && one.at <= to);
  return before?.here === true && !between;
}
