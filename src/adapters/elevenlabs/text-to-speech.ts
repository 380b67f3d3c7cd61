import { unlessAborted } from '../../lib/abort.ts';
import { speakInRuns } from '../../lib/speak-in-runs.ts';
import type { SpeechRun } from '../../lib/speak-in-runs.ts';
import { TTS_SAMPLE_RATE } from '../../ports/text-to-speech.ts';
import type { SpeechRequest, TextToSpeech } from '../../ports/text-to-speech.ts';
import { openContext } from './context.ts';
import { makeError } from './errors.ts';
import type { ElevenLabsOptions } from './options.ts';
import { makeSocketPool } from './socket-pool.ts';
import { openSocket } from './socket.ts';
import type { SocketVoice } from './socket.ts';

/** "George", the voice of the provider's own examples. */
const DEFAULT_VOICE = 'JBFqnCBsd6RMkjVDRZzb';

/**
 * ElevenLabs' streaming speech over `multi-stream-input`. A socket has one voice and up to five
 * contexts; sockets are opened as they are needed and used again.
 */
export function makeElevenLabs(options: ElevenLabsOptions): TextToSpeech {
  const { clock } = options;
  const pool = makeSocketPool((voice) => openSocket(options, voice));
  let last: SocketVoice | undefined;

  async function openRun(voice: SocketVoice, signal: AbortSignal): Promise<SpeechRun> {
    last = voice;
    const place = pool.take(voice);
    try {
      return openContext(clock, await unlessAborted(place.socket, signal), () => place.release());
    } catch (error) {
      place.release();
      throw error;
    }
  }

  return {
    name: 'elevenlabs',
    speak: (request, text, signal) =>
      speakInRuns(
        {
          clock,
          sampleRate: TTS_SAMPLE_RATE,
          openRun: (signal) => openRun(voiceOf(request), signal),
          makeSilentError: () => makeError('unavailable'),
        },
        text,
        signal,
      ),
    /** A socket is of one voice: the one that spoke last is the best guess. */
    async warmUp() {
      if (last === undefined) return;
      const place = pool.take(last);
      await place.socket.catch(() => undefined);
      place.release();
    },
  };
}

function voiceOf({ voice, language }: SpeechRequest): SocketVoice {
  return {
    voice: voice ?? DEFAULT_VOICE,
    language: language.split('-', 1)[0]?.toLowerCase() ?? language,
  };
}
