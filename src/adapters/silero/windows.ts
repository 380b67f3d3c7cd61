/** Samples that the model judges at once: 32 ms. */
export const WINDOW_SAMPLES = 512;

/** Sound that waits to be judged. */
export interface Window {
  readonly pcm: Int16Array;
  /** Its end, in samples of the stream. */
  readonly toSample: number;
}

/** One stream's sound, cut into windows. */
export interface Windows {
  /** Copies sound of any length; returns how many old windows had to go for it. */
  push(pcm: Int16Array): number;
  /** The oldest window, if one is whole. */
  take(): Window | undefined;
  isEmpty(): boolean;
  /** Whether it has been silent for so long that no speech can hang on it. */
  isQuiet(): boolean;
}

/**
 * Cuts a stream into windows and keeps 2 s of them at most: what is older would be judged too late to
 * be of use, so it is skipped, and still counted.
 */
export function makeWindows(): Windows {
  const whole: Window[] = [];
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
        if (sounds(filling)) soundsTo = toSample;
        whole.push({ pcm: filling, toSample });
        filling = new Int16Array(WINDOW_SAMPLES);
        filled = 0;
      }
      return whole.splice(0, whole.length - MOST_WINDOWS).length;
    },
    take: () => whole.shift(),
    isEmpty: () => whole.length === 0,
    isQuiet: () => toSample - soundsTo > QUIET_SAMPLES,
  };
}

function sounds(pcm: Int16Array): boolean {
  let power = 0;
  for (const sample of pcm) power += sample * sample;
  return power > LEAST_POWER * pcm.length;
}

/** -80 dB of full scale, three steps of 16 bits: the model still hears speech at -70, so no more is spared. */
const LEAST_POWER = (32_768 * 10 ** (-80 / 20)) ** 2;
/** 4 s: as a rule longer than a turn waits for its end; who waits longer still is told of each window. */
const QUIET_SAMPLES = 4 * 16_000;
const MOST_WINDOWS = Math.floor((2 * 16_000) / WINDOW_SAMPLES);
