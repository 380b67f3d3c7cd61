import { RoomServiceClient, TwirpError } from 'livekit-server-sdk';
import { systemClock } from '../../lib/clock.ts';
import { withDeadline } from '../../lib/deadline.ts';
import type { AskMode } from '../../ports/ask-mode.ts';
import { toTroupeError } from './errors.ts';
import { httpUrl } from './options.ts';
import type { LiveKitServer } from './options.ts';
import { botIdentity } from './token.ts';
import { MODE_ATTRIBUTE } from './wishes.ts';

const LIMIT_MS = 5_000;

/** Makes what writes the wish into the bot's own attributes, which no participant may touch. */
export function makeAskMode(server: LiveKitServer): AskMode {
  const rooms = new RoomServiceClient(httpUrl(server), server.apiKey, server.apiSecret, {
    requestTimeout: LIMIT_MS / 1_000,
  });
  return async (room, mode, signal) => {
    const attributes = { [MODE_ATTRIBUTE]: mode };
    const asking = async (): Promise<void> => {
      await rooms.updateParticipant(room, botIdentity(room), { attributes });
    };
    try {
      await withDeadline(systemClock, LIMIT_MS, asking, signal);
      return true;
    } catch (error) {
      if (error instanceof TwirpError && error.code === 'not_found') return false;
      throw signal.aborted ? signal.reason : toTroupeError('the wish', error);
    }
  };
}
