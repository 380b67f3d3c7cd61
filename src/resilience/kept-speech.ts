import { openSound } from '../lib/sound.ts';
import { STT_SAMPLE_RATE } from '../ports/speech-to-text.ts';

/** One speaker's sound for as long as its words have not come: another may have to hear it again. */
export interface KeptSpeech {
  /** Takes the next sound, of speech or of silence. */
  push(pcm: Int16Array, what: 'speech' | 'silence'): void;
  /** All words up to here have come, in ms of the sound. */
  settle(toMs: number): void;
  /** Whether there is speech whose words have not come. */
  hasSpeech(): boolean;
  pushedMs(): number;
  /** That sound with a little before it, and where it begins; the last 30 s of it at most. */
  read(): { readonly fromMs: number; readonly pcm: Int16Array };
}

const SAMPLES_PER_MS = STT_SAMPLE_RATE / 1_000;
const MOST = 30_000 * SAMPLES_PER_MS;
/** A last word ends before the speech does, which is told by the silence behind it. */
const SILENCE_OF_SPEECH = 400 * SAMPLES_PER_MS;
/** Speech is noticed a little after it has begun. */
const BEFORE_SPEECH = 600 * SAMPLES_PER_MS;

/** Opens what is kept of a sound that begins now. */
export function openKeptSpeech(): KeptSpeech {
  const sound = openSound();
  let settledTo = 0;
  /** Where the speech begins whose words have not come, and how far there was any. */
  let speechFrom: number | undefined;
  let speechTo = 0;

  const keptFrom = (): number => {
    const end = sound.length();
    return Math.max(end - MOST, settledTo, (speechFrom ?? end) - BEFORE_SPEECH, 0);
  };
  return {
    push(pcm, what) {
      if (what === 'speech') {
        speechFrom ??= sound.length();
        speechTo = sound.length() + pcm.length;
      }
      sound.append(pcm);
      sound.forget(keptFrom());
    },
    settle(toMs) {
      settledTo = Math.min(sound.length(), Math.max(settledTo, Math.round(toMs * SAMPLES_PER_MS)));
      if (speechFrom === undefined) return;
      const isMore = speechTo - settledTo > SILENCE_OF_SPEECH;
      speechFrom = isMore ? Math.max(speechFrom, settledTo) : undefined;
    },
    hasSpeech: () => speechFrom !== undefined,
    pushedMs: () => sound.length() / SAMPLES_PER_MS,
    read() {
      const from = keptFrom();
      return { fromMs: from / SAMPLES_PER_MS, pcm: sound.read(from, sound.length() - from) };
    },
  };
}
