import { readFileSync } from 'node:fs';

/** All recordings are 16 kHz, mono, 16 bit. */
export const RECORDING_RATE = 16_000;

/** `noise` is what no one said: coughs, knocks, music. */
export type RecordingKind = 'speech' | 'backchannel' | 'interruption' | 'noise';

/** One word as it is written, and when it sounds, in ms from the recording's first sample. */
export interface RecordedWord {
  readonly text: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** A recording as the catalog tells of it. */
export interface Recording {
  readonly id: string;
  /** Below this folder. */
  readonly file: string;
  readonly kind: RecordingKind;
  /** `en` or `ja`; null for noise, as is the voice. */
  readonly language: string | null;
  readonly voice: string | null;
  /** The words, joined as the language joins them. */
  readonly text: string;
  readonly words: readonly RecordedWord[];
  /** RMS of what sounds, in dB of full scale. */
  readonly loudnessDb: number;
}

/** Every recording there is, in the catalog's order. */
export const RECORDINGS: readonly Recording[] = JSON.parse(
  readFileSync(new URL('catalog.json', import.meta.url), 'utf8'),
) as readonly Recording[];

/** The recording of that id. Throws for one that does not exist: a test has its name wrong. */
export function recordingOf(id: string): Recording {
  const recording = RECORDINGS.find((candidate) => candidate.id === id);
  if (recording === undefined) throw new Error(`no recording is called ${id}`);
  return recording;
}

/** The recording's samples; the array is the caller's own. */
export function readSamples({ file }: Recording): Int16Array {
  const bytes = readFileSync(new URL(file, import.meta.url));
  const samples = bytes.subarray(WAV_HEADER_BYTES);
  return new Int16Array(new Uint8Array(samples).buffer);
}

/** How text is joined in that language: Japanese knows no spaces. */
export function joinWords(words: readonly string[], language: string | null): string {
  return words.join(language === 'ja' ? '' : ' ');
}

/** make.py writes the plain header of PCM, nothing before the samples. */
const WAV_HEADER_BYTES = 44;
