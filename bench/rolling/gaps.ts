import type { GuestSight } from '../lib/guest-protocol.ts';
import { USABLE } from '../lib/sight-book.ts';

/** One time in which a guest had no bot to talk with, from one bot to the next. */
export interface Gap {
  /** In ms since 1970. */
  readonly from: number;
  /** Undefined: nobody came any more. */
  readonly ms: number | undefined;
}

/**
 * The gaps that a guest had, as LiveKit's `useVoiceAssistant` takes the room: the agent is the first
 * participant of kind agent, and can be talked with while its `lk.agent.state` is listening, thinking
 * or speaking. A gap begins when the agent goes or shows another state, and ends with one of these.
 * Before the first bot there is none. `outAt` tells of each bot, in the order in which they came, when
 * its own worker knew that it was out: rtc-node tells of a participant with tracks that it is gone only
 * after the tracks are, when the next one may be there already.
 */
export function gapsOf(
  sights: readonly GuestSight[],
  outAt: readonly (number | undefined)[],
): readonly Gap[] {
  const bots = new Map<string, string>();
  const came = new Set<string>();
  const gaps: Gap[] = [];
  let talkedWith: string | undefined;
  let missingFrom: number | undefined;
  for (const sight of sights) {
    if (!follow(bots, sight)) continue;
    const usable = usableOf(bots);
    if (usable === undefined && talkedWith !== undefined) missingFrom ??= sight.at;
    if (usable === undefined) continue;
    const isAnother = talkedWith !== undefined && usable !== talkedWith;
    if (isAnother || missingFrom !== undefined) {
      const from = Math.min(missingFrom ?? sight.at, outAt[came.size - 1] ?? sight.at);
      gaps.push({ from, ms: sight.at - from });
    }
    came.add(usable);
    [talkedWith, missingFrom] = [usable, undefined];
  }
  return missingFrom === undefined ? gaps : [...gaps, { from: missingFrom, ms: undefined }];
}

/** Whether the sight changes who is there, or in which state. */
function follow(bots: Map<string, string>, sight: GuestSight): boolean {
  if (sight.what === 'state') return Boolean(bots.set(sight.sid, sight.state));
  return sight.what === 'gone' && bots.delete(sight.sid);
}

/** The bot that a front end shows, if it can be talked with. */
function usableOf(bots: ReadonlyMap<string, string>): string | undefined {
  const [first] = bots;
  return first !== undefined && USABLE.has(first[1]) ? first[0] : undefined;
}
