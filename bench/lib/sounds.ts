import { openLookout } from './lookout.ts';
import type { Heard } from './speaker-protocol.ts';

/** What people heard of the bots in their rooms. */
export interface Sounds {
  readonly tell: (heard: Heard) => void;
  /** Resolves with the first change to that behind `after`, past or to come; undefined: none in time. */
  next(
    room: string,
    change: 'loud' | 'quiet',
    after: number,
    limitMs: number,
  ): Promise<number | undefined>;
  isLoud(room: string): boolean;
}

export function openSounds(): Sounds {
  const changes = new Map<string, readonly Heard[]>();
  const lookout = openLookout();
  return {
    tell(heard) {
      changes.set(heard.room, [...(changes.get(heard.room) ?? []).slice(-KEPT), heard]);
      lookout.changed();
    },
    next: (room, change, after, limitMs) =>
      lookout.until(
        () =>
          changes.get(room)?.find(({ isLoud, at }) => isLoud === (change === 'loud') && at > after)
            ?.at,
        limitMs,
      ),
    isLoud: (room) => changes.get(room)?.at(-1)?.isLoud === true,
  };
}

/** Of each room; whoever waits looks back over a few turns at most. */
const KEPT = 200;
