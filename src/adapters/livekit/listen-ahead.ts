import { randomUUID } from 'node:crypto';
import { Room } from '@livekit/rtc-node';
import { systemClock } from '../../lib/clock.ts';
import { withDeadline } from '../../lib/deadline.ts';
import { connectRoom } from './connect-room.ts';
import { openEarlyHearing } from './early-hearing.ts';
import type { EarlyHearing } from './early-hearing.ts';
import { leaveRoom } from './leave-room.ts';
import { makeHear } from './microphones.ts';
import type { LiveKitOptions } from './options.ts';
import { openPath } from './path.ts';
import { guardRoomEvents } from './room-events.ts';
import { mintListenerToken } from './token.ts';

/** For connecting: the bot that is to go serves on meanwhile, but must not for long. */
const CONNECT_LIMIT_MS = 1_000;
/** For the first sound; there may be nobody with a microphone. */
const SOUND_LIMIT_MS = 300;
/** For all of it: then the bot hears by itself, or does not want to. */
const LIMIT_MS = 10_000;
/** A worker that takes many rooms at once is not to be slowed by as many connections more. */
const MOST_AT_ONCE = 4;

/** Begins to hear a room; undefined where that fails, or too many are heard so already. */
export type ListenAhead = (room: string, signal: AbortSignal) => Promise<EarlyHearing | undefined>;

/**
 * Makes the way to hear a room's microphones as a hidden participant, from before its bot is evicted
 * until the bot that evicts it hears by itself: what is said in between would reach neither. It never
 * throws, as the room is entered all the same: what is wrong with the server will be told there.
 */
export function makeListenAhead(options: LiveKitOptions): ListenAhead {
  let listening = 0;
  const onError = (error: unknown): void => options.observe({ type: 'unexpected-error', error });
  return async (name, signal) => {
    if (listening >= MOST_AT_ONCE) return undefined;
    listening += 1;
    const room = new Room();
    const path = openPath();
    guardRoomEvents(room, onError);
    const limit = systemClock.after(LIMIT_MS, leave);
    let early: EarlyHearing | undefined;
    function leave(): void {
      if (!path.change('gone')) return;
      listening -= 1;
      limit[Symbol.dispose]();
      early?.[Symbol.dispose]();
      void leaveRoom(room, systemClock);
    }

    try {
      const token = await mintListenerToken(options, name, `ahead-${randomUUID()}`);
      await connectRoom(options, room, { token, limitMs: CONNECT_LIMIT_MS }, signal);
      early = openEarlyHearing(makeHear(room, path, onError), leave, onError);
      const { sound } = early;
      await withDeadline(systemClock, SOUND_LIMIT_MS, () => sound, signal).catch(() => undefined);
      return early;
    } catch {
      leave();
      return undefined;
    }
  };
}
