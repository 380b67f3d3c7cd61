import { Room } from '@livekit/rtc-node';
import type { JoinRoom } from '../../ports/room-link.ts';
import { connectRoom } from './connect-room.ts';
import { toTroupeError } from './errors.ts';
import { makeListenAhead } from './listen-ahead.ts';
import { openLink } from './link.ts';
import { silenceNativeLogs } from './native-logs.ts';
import type { LiveKitOptions } from './options.ts';
import { mintToken } from './token.ts';

/** Makes the way into the rooms of one LiveKit server. */
export function makeJoinRoom(options: LiveKitOptions): JoinRoom {
  const { connectTimeoutMs: limitMs = 10_000, observe } = options;
  const listenAhead = makeListenAhead(options);
  return async (request, listen, signal) => {
    if (options.nativeLogs !== true) silenceNativeLogs(observe);
    const { room: name, relieving } = request;
    const early = relieving && (await listenAhead(name, signal));
    const room = new Room();
    // Before connect: what happens while we enter must find its listeners.
    const link = openLink(room, options, listen, early);
    try {
      const token = await mintToken(options, request, limitMs + TOKEN_MARGIN_MS);
      await relieving?.();
      early?.keep();
      await connectRoom(options, room, { token, limitMs }, signal);
      return link;
    } catch (error) {
      link.close();
      throw signal.aborted ? signal.reason : toTroupeError('joining', error);
    }
  };
}

/** A token may be used a little later than it was asked for. */
const TOKEN_MARGIN_MS = 5_000;
