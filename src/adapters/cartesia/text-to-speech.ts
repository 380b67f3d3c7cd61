import { unlessAborted } from '../../lib/abort.ts';
import { speakInRuns } from '../../lib/speak-in-runs.ts';
import { TTS_SAMPLE_RATE } from '../../ports/text-to-speech.ts';
import type { TextToSpeech } from '../../ports/text-to-speech.ts';
import { openContext } from './context.ts';
import { makeError } from './errors.ts';
import type { CartesiaOptions } from './options.ts';
import { openSocket } from './socket.ts';
import type { Socket } from './socket.ts';

/**
 * Cartesia's streaming speech. All speeches share one socket, which is opened when it is needed:
 * Cartesia closes one that is idle for 5 minutes.
 */
export function makeCartesia(options: CartesiaOptions): TextToSpeech {
  const { clock } = options;
  const takeSocket = shareSocket(options);
  return {
    name: 'cartesia',
    speak: (request, text, signal) =>
      speakInRuns(
        {
          clock,
          sampleRate: TTS_SAMPLE_RATE,
          openRun: async (signal) =>
            openContext(clock, await unlessAborted(takeSocket(), signal), request),
          makeSilentError: () => makeError('unavailable'),
        },
        text,
        signal,
      ),
    async warmUp() {
      await takeSocket().catch(() => undefined);
    },
  };
}

/** Gives the open socket, or connects: once for all who wait. */
function shareSocket(options: CartesiaOptions): () => Promise<Socket> {
  let open: Socket | undefined;
  let opening: Promise<Socket> | undefined;
  return async () => {
    if (open?.isOpen() === true) return open;
    opening ??= openSocket(options).finally(() => (opening = undefined));
    open = await opening;
    return open;
  };
}
