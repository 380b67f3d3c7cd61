import type { BotLine, Listing, Observations, Violation } from '../observations.ts';
import { epochsAsking, groupBy } from './holding.ts';

/** Lines of two bots may cross on their way to a visitor, who is in a busy process. */
const CROSSING_MS = 1_500;

/**
 * At most one effective bot a room. A bot is effective where its words arrive. A worker that was
 * stopped or cut off may still be listed by the server, mute: that is none. Two are seen in two ways:
 *
 * - The server lists two participants of kind agent that may publish in a room, at two looks in a row. Bots of ours
 *   share one identity, of which the server keeps one.
 * - Words arrive of a worker whose epoch is older than that of a worker whose words arrived before:
 *   the older bot spoke while the newer one was effective. Whose an answer is tells the model's book:
 *   each worker asks for a model by a name of its own. An answer that several had asked for counts as
 *   the newest one's. A worker that hands over may speak until its successor does.
 */
export function checkOneBot(
  seen: Pick<Observations, 'listings' | 'lines' | 'leases' | 'requests'>,
): readonly Violation[] {
  const listings = [...groupBy(seen.listings, ({ room }) => room).values()];
  const lines = [...groupBy(seen.lines, ({ room }) => room).values()];
  return [...listings.flatMap(findCrowds), ...lines.flatMap((ofRoom) => findZombies(ofRoom, seen))];
}

function findCrowds(ofRoom: readonly Listing[]): readonly Violation[] {
  return ofRoom.flatMap(({ at, room, bots }, index) => {
    const before = ofRoom[index - 1]?.bots ?? [];
    const both = bots.filter((bot) => before.includes(bot));
    if (both.length < 2) return [];
    const key = `${room} ${both.join()}`;
    return [{ invariant: 'one-bot', key, at, room, what: `two bots are there: ${both.join()}` }];
  });
}

function findZombies(
  ofRoom: readonly BotLine[],
  { leases, requests }: Pick<Observations, 'leases' | 'requests'>,
): readonly Violation[] {
  const spoken = ofRoom.flatMap(({ at, room, token }) => {
    if (token === undefined) return [];
    const epochs = epochsAsking(leases, requests, { room, token, at });
    return epochs.length === 0 ? [] : [{ at, room, token, epoch: Math.max(...epochs) }];
  });
  return spoken.flatMap(({ at, room, token, epoch }) => {
    const newer = spoken.find((one) => one.epoch > epoch && one.at < at - CROSSING_MS);
    if (newer === undefined) return [];
    const what = `the bot of epoch ${epoch} answered ${token} after that of epoch ${newer.epoch} had answered ${newer.token}`;
    return [{ invariant: 'one-bot', key: `${room} ${token} ${epoch}`, at, room, what }];
  });
}
