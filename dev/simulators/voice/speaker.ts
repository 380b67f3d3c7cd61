import { pronounce } from './mouth.ts';
import { splitWords } from './words.ts';

/** How a text becomes sound. */
export interface SpeakerOptions {
  readonly voice: string;
  readonly sampleRate: number;
  /** How long a letter sounds, in ms. */
  readonly letterMs: number;
  /** Silence before the first word, in ms. */
  readonly leadingSilenceMs: number;
}

/** A run of characters and when it sounds, in ms from the speaker's first sample. */
export interface Timed {
  readonly text: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** One word of a speech, and the silence behind it. */
export interface Spoken {
  readonly word: Timed;
  readonly pcm: Int16Array;
}

/** One voice in the middle of a speech; what it says next comes after all that it said. */
export interface Speaker {
  /** The sound of `text`, word by word, made when it is taken; the first has the leading silence. */
  say(text: string): Generator<Spoken>;
}

/** Opens a voice that speaks any text as something that is heard as speech: 16 bit, mono. */
export function openSpeaker(options: SpeakerOptions): Speaker {
  const { voice, sampleRate, letterMs, leadingSilenceMs } = options;
  const toSamples = (ms: number): number => Math.round((ms * sampleRate) / 1_000);
  const toMs = (samples: number): number => (samples * 1_000) / sampleRate;
  let spoken = 0;
  return {
    *say(text) {
      for (const { text: word, letters, pause } of splitWords(text)) {
        const lead = spoken === 0 ? toSamples(leadingSilenceMs) : 0;
        const length = toSamples(letters * letterMs);
        const pcm = new Int16Array(lead + length + toSamples(pause * letterMs));
        pronounce(word, length, voice, sampleRate).forEach((sample, index) => {
          pcm[lead + index] = Math.round(sample * 32_767);
        });
        const from = spoken + lead;
        spoken += pcm.length;
        yield { word: { text: word, fromMs: toMs(from), toMs: toMs(from + length) }, pcm };
      }
    },
  };
}
