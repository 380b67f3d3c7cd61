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
  const came = new Set<string>();
  const gaps: Gap[] = [];
  let last: { readonly sid: string; goneAt: number | undefined } | undefined;
  for (const { sid, at } of usableBots(sights)) {
    if (sid === undefined) {
      if (last !== undefined) last.goneAt ??= at;
      continue;
    }
    if (last !== undefined && (sid !== last.sid || last.goneAt !== undefined)) {
      gaps.push(gapUntil(at, last.goneAt, outAt[came.size - 1]));
    }
    came.add(sid);
    last = { sid, goneAt: undefined };
  }
  return last?.goneAt === undefined ? gaps : [...gaps, { from: last.goneAt, ms: undefined }];
}

function gapUntil(at: number, goneAt = at, outAt = at): Gap {
  const from = Math.min(goneAt, outAt);
  return { from, ms: at - from };
}

/** Which bot can be talked with, if any, each time that this may have changed. */
function* usableBots(sights: readonly GuestSight[]) {
  const bots = new Map<string, string>();
  for (const sight of sights) {
    if (follow(bots, sight)) yield { sid: usableOf(bots), at: sight.at };
  }
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
