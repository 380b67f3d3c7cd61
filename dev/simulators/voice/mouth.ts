import { soundsOf } from './sounds.ts';
import type { Sound } from './sounds.ts';

/**
 * Speaks one word: a buzz of the voice's pitch and a hiss, shaped by the resonances of the word's
 * sounds. Audible, like speech in loudness and rhythm, and always the same for the same word, length
 * and voice. Samples are in [-1, 1].
 */
export function pronounce(
  word: string,
  samples: number,
  voice: string,
  sampleRate: number,
): Float32Array {
  const sounds = soundsOf(word);
  const pcm = new Float32Array(samples);
  if (sounds.length === 0) return pcm;
  const throat = openThroat(pitchOf(voice), sampleRate);
  const first = openResonance(90, sampleRate);
  const second = openResonance(130, sampleRate);
  let voiced = 0;
  let hissing = 0;
  for (let index = 0; index < samples; index += 1) {
    const sound = soundAt(sounds, index / samples);
    if (index % RETUNE === 0) {
      first.tune(sound.formants[0]);
      second.tune(sound.formants[1]);
    }
    voiced += (sound.voiced - voiced) * (60 / sampleRate) * 2;
    hissing += (sound.hissing - hissing) * (60 / sampleRate) * 2;
    const source = voiced * throat.buzz(index / samples) + hissing * throat.hiss();
    const wave = first.pass(source) + 0.7 * second.pass(source);
    pcm[index] = Math.tanh(wave * LOUDNESS) * fade(index, samples, sampleRate) * 0.6;
  }
  return pcm;
}

const LOUDNESS = 2.2;
/** Samples between two settings of the resonances. */
const RETUNE = 32;
const FADE_SECONDS = 0.012;

function soundAt(sounds: readonly Sound[], share: number): Sound {
  return sounds[Math.min(sounds.length - 1, Math.floor(share * sounds.length))] ?? SILENT;
}

const SILENT: Sound = { formants: [500, 1500], voiced: 0, hissing: 0 };

function fade(index: number, samples: number, sampleRate: number): number {
  const edge = Math.min(index, samples - 1 - index) / (FADE_SECONDS * sampleRate);
  return edge >= 1 ? 1 : 0.5 - 0.5 * Math.cos(Math.PI * edge);
}

/** Between a low and a high human voice, by the voice's name. */
function pitchOf(voice: string): number {
  let hash = 7;
  for (const char of voice) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) % 65_536;
  return 95 + (hash % 120);
}

interface Throat {
  /** A falling saw of the pitch, which sinks over the word. */
  buzz(share: number): number;
  hiss(): number;
}

function openThroat(pitch: number, sampleRate: number): Throat {
  let phase = 0;
  let seed = 1;
  return {
    buzz(share) {
      phase = (phase + (pitch * (1.08 - 0.16 * share)) / sampleRate) % 1;
      return phase < 0.6 ? 1 - phase / 0.3 : -1 + (phase - 0.6) / 0.4;
    },
    hiss() {
      seed = (seed * 16_807) % 2_147_483_647;
      return seed / 1_073_741_824 - 1;
    },
  };
}

/** A two-pole resonance, of which the peak is held near 1. */
function openResonance(bandwidth: number, sampleRate: number) {
  const radius = Math.exp((-Math.PI * bandwidth) / sampleRate);
  let feedback = 0;
  let gain = 0;
  let last = 0;
  let beforeLast = 0;
  return {
    tune(frequency: number): void {
      const angle = (2 * Math.PI * Math.min(frequency, sampleRate * 0.45)) / sampleRate;
      feedback = 2 * radius * Math.cos(angle);
      gain = (1 - radius) * Math.sqrt(1 - 2 * radius * Math.cos(2 * angle) + radius * radius);
    },
    pass(sample: number): number {
      const next = gain * sample + feedback * last - radius * radius * beforeLast;
      beforeLast = last;
      last = next;
      return next;
    },
  };
}
