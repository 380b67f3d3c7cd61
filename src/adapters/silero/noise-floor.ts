/** The steady noise of one stream: what its microphone gives while nobody speaks. */
export interface NoiseFloor {
  /** Whether the window holds more than that noise. It learns from each: show it all, in order. */
  isBelow(pcm: Int16Array): boolean;
}

/**
 * Follows the quietest windows of a stream: down at once, up so slowly that talk lifts it by little
 * before its next gap pulls it down again. What is louder than -60 dB is always above it.
 *
 * It compares what is left above some 340 Hz. Below it, rumble and hum are strongest and least steady,
 * so their rise and fall would look like a voice; and a voice that the model hears through them shows
 * above it.
 */
export function makeNoiseFloor(): NoiseFloor {
  let floor = Number.POSITIVE_INFINITY;
  return {
    isBelow(pcm) {
      const { whole, high } = powersOf(pcm);
      floor = Math.max(LEAST_FLOOR, Math.min(high, floor * RISE));
      return whole > LOUD || high > floor * MARGIN;
    },
  };
}

function powersOf(pcm: Int16Array): { readonly whole: number; readonly high: number } {
  let whole = 0;
  let high = 0;
  let low = pcm[0] ?? 0;
  for (const sample of pcm) {
    whole += sample * sample;
    low += (sample - low) / 8;
    high += (sample - low) ** 2;
  }
  return { whole: whole / pcm.length, high: high / pcm.length };
}

/** 2 dB a second. */
const RISE = ratio((2 * 512) / 16_000);
/**
 * Windows of steady noise are at most 2 dB above the quietest of their seconds. Of faint speech in
 * synthetic noise that the model hears with every window, this bound loses none at 3 or 4 dB, some at 5.
 */
const MARGIN = ratio(3);
/**
 * Behind zeros, as at a stream's start or where sound was lost, all above -80 dB is above it, which are
 * three steps of 16 bits: the model still hears speech at -70.
 */
const LEAST_FLOOR = (32_768 ** 2 * ratio(-80)) / MARGIN;
/** -60 dB: louder noise is not told from speech here. */
const LOUD = 32_768 ** 2 * ratio(-60);

function ratio(decibels: number): number {
  return 10 ** (decibels / 10);
}
