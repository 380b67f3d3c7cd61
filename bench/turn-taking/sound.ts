import { readSamples, RECORDING_RATE, recordingOf } from '../../dev/speech/catalog.ts';
import type { Clip, Voice } from './scenario.ts';

/** One speaker's sound, and where in it each clip ends, in ms. */
export interface VoiceSound {
  readonly pcm: Int16Array;
  readonly clipEndsMs: readonly number[];
}

/** A breath of room around what is said. */
const NOISE = 8;

/** Puts a speaker's clips one behind the other, `restMs` of silence at the end. */
export function soundOf({ clips }: Voice, restMs: number): VoiceSound {
  const parts: Int16Array[] = [];
  const clipEndsMs: number[] = [];
  let length = 0;
  const add = (pcm: Int16Array): void => {
    parts.push(pcm);
    length += pcm.length;
  };
  for (const clip of clips) {
    add(silence(clip.afterMs));
    add(cut(clip));
    clipEndsMs.push((length / RECORDING_RATE) * 1_000);
  }
  add(silence(restMs));
  const pcm = new Int16Array(length);
  let at = 0;
  for (const part of parts) {
    pcm.set(part, at);
    at += part.length;
  }
  return { pcm, clipEndsMs };
}

/** From the first of its words to the end of the last, where only some are meant. */
function cut({ recording, words }: Clip): Int16Array {
  const known = recordingOf(recording);
  const samples = readSamples(known);
  if (words === undefined) return voiced(samples, known.words.at(-1)?.toMs);
  const [from, to] = words;
  const fromMs = from === 0 ? 0 : (known.words[from]?.fromMs ?? 0);
  const toMs = known.words[Math.min(to, known.words.length) - 1]?.toMs ?? Infinity;
  return samples.slice(toSample(fromMs), toSample(toMs));
}

/** Without what follows the last word: a turn ends there. */
function voiced(samples: Int16Array, toMs: number | undefined): Int16Array {
  return toMs === undefined ? samples : samples.slice(0, toSample(toMs));
}

function toSample(ms: number): number {
  return Math.round((ms * RECORDING_RATE) / 1_000);
}

function silence(ms: number): Int16Array {
  const pcm = new Int16Array(toSample(ms));
  for (let at = 0; at < pcm.length; at += 1) pcm[at] = ((at * 7_919) % (2 * NOISE + 1)) - NOISE;
  return pcm;
}
