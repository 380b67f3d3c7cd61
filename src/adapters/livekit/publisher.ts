import type { LocalParticipant, Room } from '@livekit/rtc-node';
import { TroupeError } from '../../errors.ts';
import type { Clock } from '../../lib/clock.ts';
import { withDeadline } from '../../lib/deadline.ts';
import { toTroupeError } from './errors.ts';

/** The one way out to the room. */
export interface Publisher {
  /**
   * Sends something, within the deadline and only while the path is whole: the native library would
   * keep what it is given now and flush it when it has reconnected, by then perhaps as a zombie.
   * @throws TroupeError of service `livekit`: `unavailable` (nothing was sent) or `timeout`.
   */
  publish<T>(what: string, send: (ourselves: LocalParticipant) => Promise<T>): Promise<T>;
}

export function makePublisher(
  room: Room,
  isUp: () => boolean,
  clock: Clock,
  limitMs: number,
): Publisher {
  return {
    async publish(what, send) {
      const ourselves = room.localParticipant;
      if (ourselves === undefined || !isUp()) throw cut(what);
      try {
        return await withDeadline(clock, limitMs, () => send(ourselves));
      } catch (error) {
        throw toTroupeError(what, error);
      }
    },
  };
}

function cut(what: string): TroupeError {
  return new TroupeError(`LiveKit: ${what} not sent: the path to the room is cut`, {
    kind: 'unavailable',
    fault: 'fleet',
    service: 'livekit',
  });
}
