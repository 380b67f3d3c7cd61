import type { GenerationRequest, WebsocketResponse } from '@cartesia/cartesia-js/resources/tts';
import { openChannel } from '../../lib/channel.ts';
import type { Clock } from '../../lib/clock.ts';
import { newId } from '../../lib/ids.ts';
import type { RunPart, SpeechRun } from '../../lib/speak-in-runs.ts';
import type { TimedText } from '../../lib/speech-sound.ts';
import { TTS_SAMPLE_RATE } from '../../ports/text-to-speech.ts';
import type { SpeechRequest } from '../../ports/text-to-speech.ts';
import { makeError, toStatusError } from './errors.ts';
import type { Socket } from './socket.ts';

/** The model that Cartesia recommends. */
const MODEL = 'sonic-3.5';

const DEFAULT_VOICE = '79a125e8-cd45-4c13-8a67-188112f4dd22';

/** A socket that gives nothing at all for so long is taken for dead when its context gives up. */
const DEAD_AFTER_MS = 2_000;

/** Opens a context at the provider: one run of text. It begins with the first text that is said. */
export function openContext(clock: Clock, socket: Socket, speech: SpeechRequest): SpeechRun {
  const parts = openChannel<RunPart>();
  const fixed = fixedPart(speech);
  const openedAt = clock.monotonicMs();
  let over = false;

  function close(): void {
    over = true;
    listening[Symbol.dispose]();
  }
  function fail(error: Error): void {
    close();
    parts.fail(error);
  }
  const listening = socket.listen(fixed.context_id, {
    event(event) {
      if (event.type === 'error') return fail(toStatusError(event.status_code, event));
      if (event.type !== 'done') return readPart(event).forEach((part) => parts.put(part));
      close();
      parts.end();
    },
    lost: fail,
  });

  return {
    parts,
    say(transcript) {
      if (!over) socket.send({ ...fixed, transcript, continue: true });
      return !over;
    },
    finish() {
      if (!over) socket.send({ ...fixed, transcript: '', continue: false });
    },
    cancel() {
      if (over) return;
      close();
      parts.end();
      socket.send({ cancel: true, context_id: fixed.context_id });
      const quiet = socket.heardAtMs() < openedAt;
      if (quiet && clock.monotonicMs() - openedAt >= DEAD_AFTER_MS)
        socket.drop(makeError('timeout'));
    },
  };
}

/** What must be the same in every request of a context. */
function fixedPart({ voice, language }: SpeechRequest): Omit<GenerationRequest, 'transcript'> {
  return {
    context_id: newId(),
    model_id: MODEL,
    voice: voice ?? DEFAULT_VOICE,
    language: language.split('-', 1)[0]?.toLowerCase() ?? language,
    output_format: { container: 'raw', encoding: 'pcm_s16le', sample_rate: TTS_SAMPLE_RATE },
    add_timestamps: true,
    max_buffer_delay_ms: 0,
  };
}

function readPart(event: WebsocketResponse): readonly RunPart[] {
  if (event.type === 'chunk' && event.audio !== undefined) {
    return [{ type: 'sound', bytes: event.audio }];
  }
  if (event.type === 'timestamps' && event.word_timestamps != null) {
    return [{ type: 'words', words: readWords(event.word_timestamps) }];
  }
  return [];
}

/** Three lists side by side, in seconds; a word without both its times is none. */
function readWords(times: {
  readonly words: readonly string[];
  readonly start: readonly number[];
  readonly end: readonly number[];
}): readonly TimedText[] {
  return times.words.flatMap((text, index) => {
    const from = times.start[index];
    const to = times.end[index];
    if (from === undefined || to === undefined) return [];
    return [{ text, fromMs: from * 1_000, toMs: to * 1_000 }];
  });
}
