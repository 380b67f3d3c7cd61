import type { Room } from '@livekit/rtc-node';
import type { Clock } from '../../lib/clock.ts';
import { withDeadline } from '../../lib/deadline.ts';
import { releaseRoom } from './room-events.ts';

/** How long the native library may take to say good-bye; the server may be gone. */
const LONGEST_GOODBYE_MS = 2_000;

/**
 * Leaves after `settlesInMs`, also where the server does not answer any more; never throws, harmless
 * when repeated.
 */
export async function leaveRoom(room: Room, clock: Clock, settlesInMs = 0): Promise<void> {
  if (settlesInMs > 0) await clock.delay(settlesInMs);
  try {
    await withDeadline(clock, LONGEST_GOODBYE_MS, () => room.disconnect());
  } catch {
    // The library goes on with it; the server learns it by our silence.
  }
  releaseRoom(room);
}
