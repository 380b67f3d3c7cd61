import type { Clock } from '../lib/clock.ts';
import { TTS_SAMPLE_RATE } from '../ports/text-to-speech.ts';
import type { TextToSpeech } from '../ports/text-to-speech.ts';
import { openCall } from './open-call.ts';

/** A {@link TextToSpeech} whose speeches are told to the meter of each request. */
export function meteredTts(clock: Clock, tts: TextToSpeech): TextToSpeech {
  return {
    ...tts,
    async *speak(request, text, signal) {
      const { meter, voice } = request;
      let characters = 0;
      let samples = 0;
      using call = openCall(clock, signal, (course) => {
        const audioMs = Math.round((samples * 1_000) / TTS_SAMPLE_RATE);
        const who = {
          kind: 'tts',
          provider: tts.name,
          ...(voice !== undefined && { voice }),
        } as const;
        meter?.({ ...who, characters, audioMs, ...course });
      });
      const counted = counting(text, (piece) => (characters += piece.length));
      try {
        for await (const event of tts.speak(request, counted, signal)) {
          if (event.type === 'audio') {
            call.came();
            samples += event.pcm.length;
          }
          yield event;
        }
        call.done();
      } catch (error) {
        call.failed(error);
        throw error;
      }
    },
  };
}

async function* counting(
  text: AsyncIterable<string>,
  count: (piece: string) => void,
): AsyncGenerator<string> {
  for await (const piece of text) {
    count(piece);
    yield piece;
  }
}
