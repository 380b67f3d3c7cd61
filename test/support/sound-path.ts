/** Silence at 16 kHz, `more` samples longer than `ms`. */
export function silence(ms: number, more = 0): Int16Array {
  return new Int16Array(ms * 16 + more);
}

/** What a path does to sound. */
export interface SoundPath {
  readonly gain: number;
  /** White noise, in dB of full scale. */
  readonly noiseDb: number;
  /** Where a simple low-pass filter begins to cut. */
  readonly cutHz: number;
}

/** 16 kHz sound as it comes out of such a path: the same each time. */
export function degrade(pcm: Int16Array, { gain, noiseDb, cutHz }: SoundPath): Int16Array {
  const follow = 1 - Math.exp((-2 * Math.PI * cutHz) / 16_000);
  const noise = 32_768 * 10 ** (noiseDb / 20) * Math.sqrt(12);
  let filtered = 0;
  let seed = 1;
  return pcm.map((sample) => {
    filtered += follow * (sample - filtered);
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    const out = filtered * gain + (seed / 2 ** 32 - 0.5) * noise;
    return Math.max(-32_768, Math.min(32_767, out));
  });
}

/** The same sound as a clock hears it that runs at `pace` times the right one. */
export function stretch(pcm: Int16Array, pace: number): Int16Array {
  return Int16Array.from(
    { length: Math.floor(pcm.length / pace) },
    (_, at) => pcm[Math.floor(at * pace)] ?? 0,
  );
}
