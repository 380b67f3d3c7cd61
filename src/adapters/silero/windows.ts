import { makeNoiseFloor } from './noise-floor.ts';

/** Samples that the model judges at once: 32 ms. */
export const WINDOW_SAMPLES = 512;

/** Sound that waits to be judged. */
export interface Window {
  readonly pcm: Int16Array;
  /** Its end, in samples of the stream. */
  readonly toSample: number;
  /** It was passed over: the model hears it for what comes behind it, its answer is nobody's. */
  readonly isPassed: boolean;
}

/** One stream's sound, cut into windows. */
export interface Windows {
  /** Copies sound of any length; returns how many old windows had to go for it. */
  push(pcm: Int16Array): number;
  /** The oldest window, if one is whole. */
  take(): Window | undefined;
  /** All that wait. The newest wait again, as passed over, once the stream sounds. */
  passOver(): readonly Window[];
  isEmpty(): boolean;
  /** Whether it has been nothing but its own noise for so long that no speech can hang on it. */
  isQuiet(): boolean;
}

/**
 * Cuts a stream into windows and keeps 2 s of them at most: what is older would be judged too late to
 * be of use, so it is skipped, and still counted.
 */
export function makeWindows(): Windows {
  const whole: Window[] = [];
  let passed: readonly Window[] = [];
  const noiseFloor = makeNoiseFloor();
  let filling = new Int16Array(WINDOW_SAMPLES);
  let filled = 0;
  let toSample = 0;
  let soundsTo = 0;

  return {
    push(pcm) {
      for (let read = 0; read < pcm.length;) {
        const piece = pcm.subarray(read, read + WINDOW_SAMPLES - filled);
        filling.set(piece, filled);
        read += piece.length;
        filled += piece.length;
        if (filled < WINDOW_SAMPLES) break;
        toSample += WINDOW_SAMPLES;
        whole.push({ pcm: filling, toSample, isPassed: false });
        if (noiseFloor.isBelow(filling)) {
          soundsTo = toSample;
          whole.unshift(...passed);
          passed = [];
        }
        filling = new Int16Array(WINDOW_SAMPLES);
        filled = 0;
      }
      return whole.splice(0, whole.length - MOST_WINDOWS).length;
    },
    take: () => whole.shift(),
    passOver() {
      const waiting = whole.splice(0);
      const again = waiting.map((window) => ({ ...window, isPassed: true }));
      passed = [...passed, ...again].slice(-LEAD_WINDOWS);
      return waiting;
    },
    isEmpty: () => whole.length === 0,
    isQuiet: () => toSample - soundsTo > QUIET_SAMPLES,
  };
}

/** 4 s: as a rule longer than a turn waits for its end; who waits longer still is told of each window. */
const QUIET_SAMPLES = 4 * 16_000;
/**
 * 256 ms. Put from the noise it remembers straight into the midst of a voice, the model now and then
 * hears none of it for seconds; less than 128 ms of what lay between were too few.
 */
const LEAD_WINDOWS = 8;
const MOST_WINDOWS = Math.floor((2 * 16_000) / WINDOW_SAMPLES);
