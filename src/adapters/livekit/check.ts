import { RoomServiceClient } from 'livekit-server-sdk';
import { systemClock } from '../../lib/clock.ts';
import { withDeadline } from '../../lib/deadline.ts';
import { toTroupeError } from './errors.ts';
import { httpUrl } from './options.ts';
import type { LiveKitServer } from './options.ts';

/** How long the server may take to answer. */
const CHECK_MS = 5_000;

/**
 * Asks the server something small with our key.
 * @throws TroupeError of service `livekit`: `auth`, `timeout`, `unavailable`, `not-ready`.
 */
export async function checkLiveKit(server: LiveKitServer, signal?: AbortSignal): Promise<void> {
  const rooms = new RoomServiceClient(httpUrl(server), server.apiKey, server.apiSecret, {
    requestTimeout: CHECK_MS / 1_000,
  });
  try {
    // A name that no room has: the answer is empty, however many rooms there are.
    await withDeadline(systemClock, CHECK_MS, () => rooms.listRooms(['troupe-check']), signal);
  } catch (error) {
    throw signal?.aborted === true ? signal.reason : toTroupeError('the check', error);
  }
}
