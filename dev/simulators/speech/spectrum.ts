/** How far one frame is from the next. */
export const FRAME_MS = 20;
/** How many bands a frame's spectrum has. */
export const BANDS = 16;

/** One frame of sound, as an ear hears it. */
export interface Frame {
  /** Level of each band in dB about the frame's mean: the same at every volume. */
  readonly shape: Float32Array;
  /** In dB of full scale. */
  readonly level: number;
}

/** Cuts 16 kHz sound of any length into frames; the frame's arrays are its taker's own. */
export function makeSpectrum(take: (frame: Frame) => void): (pcm: Int16Array) => void {
  const window = new Float32Array(SIZE);
  let filled = 0;
  return (pcm) => {
    for (const sample of pcm) {
      window[filled++] = sample / 32_768;
      if (filled < SIZE) continue;
      take(analyse(window));
      window.copyWithin(0, HOP);
      filled = SIZE - HOP;
    }
  };
}

function analyse(window: Float32Array): Frame {
  let power = 0;
  im.fill(0);
  for (let at = 0; at < SIZE; at += 1) {
    const sample = window[at] ?? 0;
    power += sample * sample;
    re[REVERSED[at] ?? 0] = sample * (HANN[at] ?? 0);
  }
  transform();
  return { shape: shapeOf(), level: 10 * Math.log10(power / SIZE + 1e-10) };
}

/** What lies far below the loudest band is what noise and codecs change: it counts as one floor. */
function shapeOf(): Float32Array {
  const levels = BAND_BINS.map(levelOf);
  const floor = Math.max(...levels) - RANGE_DB;
  const shape = Float32Array.from(levels, (level) => Math.max(level, floor));
  const mean = shape.reduce((sum, level) => sum + level, 0) / BANDS;
  return shape.map((level) => level - mean);
}

function levelOf({ from, to }: (typeof BAND_BINS)[number]): number {
  let power = 1e-9;
  for (let bin = from; bin < to; bin += 1) power += (re[bin] ?? 0) ** 2 + (im[bin] ?? 0) ** 2;
  return 10 * Math.log10(power / (to - from));
}

/** The textbook's radix-2 transform of `re` and `im` in place, from bit-reversed order. */
function transform(): void {
  for (let half = 1; half < SIZE; half *= 2) {
    const step = SIZE / (2 * half);
    for (let start = 0; start < SIZE; start += 2 * half) {
      for (let k = 0; k < half; k += 1) butterfly(start + k, start + k + half, k * step);
    }
  }
}

function butterfly(one: number, other: number, turn: number): void {
  const cos = COS[turn] ?? 0;
  const sin = SIN[turn] ?? 0;
  const a = re[other] ?? 0;
  const b = im[other] ?? 0;
  const c = re[one] ?? 0;
  const d = im[one] ?? 0;
  const x = a * cos - b * sin;
  const y = a * sin + b * cos;
  re[other] = c - x;
  im[other] = d - y;
  re[one] = c + x;
  im[one] = d + y;
}

const RATE = 16_000;
const SIZE = 512;
const HOP = (RATE * FRAME_MS) / 1_000;
const RANGE_DB = 30;
const BITS = Math.log2(SIZE);
const LOWEST_HZ = 200;
const HIGHEST_HZ = 5_500;

/** Scratch of the transform: nothing in here waits. */
const re = new Float32Array(SIZE);
const im = new Float32Array(SIZE);
const HANN = Float32Array.from(
  { length: SIZE },
  (_, at) => 0.5 - 0.5 * Math.cos((2 * Math.PI * at) / SIZE),
);
const COS = Float32Array.from({ length: SIZE / 2 }, (_, k) => Math.cos((2 * Math.PI * k) / SIZE));
const SIN = Float32Array.from({ length: SIZE / 2 }, (_, k) => -Math.sin((2 * Math.PI * k) / SIZE));
const REVERSED = Uint16Array.from({ length: SIZE }, (_, at) => {
  let reversed = 0;
  for (let bit = 0; bit < BITS; bit += 1) reversed |= ((at >> bit) & 1) << (BITS - 1 - bit);
  return reversed;
});

/** The bins of each band, evenly spread on the mel scale. */
const BAND_BINS = Array.from({ length: BANDS }, (_, band) => ({
  from: edgeBin(band),
  to: edgeBin(band + 1),
}));

function edgeBin(edge: number): number {
  const mel = (hz: number): number => 1127 * Math.log(1 + hz / 700);
  const at = mel(LOWEST_HZ) + ((mel(HIGHEST_HZ) - mel(LOWEST_HZ)) * edge) / BANDS;
  return Math.round((700 * (Math.exp(at / 1127) - 1) * SIZE) / RATE);
}
