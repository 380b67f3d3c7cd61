import { RECORDINGS, readSamples } from '../../speech/catalog.ts';
import type { Recording } from '../../speech/catalog.ts';
import { BANDS, makeSpectrum } from './spectrum.ts';

/** A recording as the recognizer compares with it. */
export interface Template {
  readonly recording: Recording;
  readonly frames: number;
  /** The frames' shapes, one after the other. */
  readonly shapes: Float32Array;
  /** How each frame sounds. */
  readonly sound: Uint8Array;
  /** How many loud frames there are up to and with each. */
  readonly loudUntil: Uint16Array;
}

/** A frame of silence, a faint one that noise may cover, a loud one. */
export const SILENT = 0;
export const FAINT = 1;
export const LOUD = 2;

/** A recording's start: some silence, and what a quiet consonant hides. */
export const START_FRAMES = 9;

/** All recordings with words, read once a process. */
export function readTemplates(): readonly Template[] {
  templates ??= RECORDINGS.filter(({ words }) => words.length > 0).map(makeTemplate);
  return templates;
}

let templates: readonly Template[] | undefined;

function makeTemplate(recording: Recording): Template {
  const shapes: number[] = [];
  const levels: number[] = [];
  makeSpectrum(({ shape, level }) => {
    shapes.push(...shape);
    levels.push(level);
  })(readSamples(recording));
  const loudest = Math.max(...levels);
  const sound = Uint8Array.from(levels, (level) => soundOf(level - loudest));
  let loud = 0;
  return {
    recording,
    frames: shapes.length / BANDS,
    shapes: Float32Array.from(shapes),
    sound,
    loudUntil: Uint16Array.from(sound, (one) => (loud += one === LOUD ? 1 : 0)),
  };
}

function soundOf(belowLoudest: number): number {
  if (belowLoudest > -20) return LOUD;
  return belowLoudest > -42 ? FAINT : SILENT;
}
