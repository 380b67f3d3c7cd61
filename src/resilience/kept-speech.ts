import { openSound } from '../lib/sound.ts';
import { STT_SAMPLE_RATE } from '../ports/speech-to-text.ts';

/** One speaker's sound for as long as its words have not come: another may have to hear it again. */
export interface KeptSpeech {
  /** Takes the next sound; tells whether it is more than silence. */
  push(pcm: Int16Array): boolean;
  /** All words up to here have come, in ms of the sound. */
  settle(toMs: number): void;
  /** Whether there is sound, more than silence, whose words have not come. */
  hasSpeech(): boolean;
  pushedMs(): number;
  /** That sound with a little before it, and where it begins; the last 30 s of it at most. */
  read(): { readonly fromMs: number; readonly pcm: Int16Array };
}

const SAMPLES_PER_MS = STT_SAMPLE_RATE / 1_000;
const MOST = 30_000 * SAMPLES_PER_MS;
/** A word's first sounds are soft. */
const BEFORE_SPEECH = 600 * SAMPLES_PER_MS;
/** Mean of full scale 32768, about -44 dB: a quiet room is below, a quiet speaker above. */
const SILENCE = 200;

/** Opens what is kept of a sound that begins now. */
export function openKeptSpeech(): KeptSpeech {
  const sound = openSound();
  let settledTo = 0;
  /** Where the sound begins whose words have not come, and where it was last more than silence. */
  let speechFrom: number | undefined;
  let loudTo = 0;

  const keptFrom = (): number => {
    const end = sound.length();
    return Math.max(end - MOST, settledTo, (speechFrom ?? end) - BEFORE_SPEECH, 0);
  };
  return {
    push(pcm) {
      const isLoud = isMoreThanSilence(pcm);
      if (isLoud) {
        speechFrom ??= sound.length();
        loudTo = sound.length() + pcm.length;
      }
      sound.append(pcm);
      sound.forget(keptFrom());
      return isLoud;
    },
    settle(toMs) {
      settledTo = Math.min(sound.length(), Math.max(settledTo, Math.round(toMs * SAMPLES_PER_MS)));
      if (speechFrom === undefined) return;
      speechFrom = loudTo > settledTo ? Math.max(speechFrom, settledTo) : undefined;
    },
    hasSpeech: () => speechFrom !== undefined,
    pushedMs: () => sound.length() / SAMPLES_PER_MS,
    read() {
      const from = keptFrom();
      return { fromMs: from / SAMPLES_PER_MS, pcm: sound.read(from, sound.length() - from) };
    },
  };
}

function isMoreThanSilence(pcm: Int16Array): boolean {
  let sum = 0;
  for (const sample of pcm) sum += Math.abs(sample);
  return sum > SILENCE * pcm.length;
}
