/** White noise of whole numbers up to `amplitude`, the same for the same seed: 16 is -71 dB of full scale. */
export function makeHiss(samples: number, amplitude: number, seed = 1): Int16Array {
  let state = seed;
  return Int16Array.from({ length: samples }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * (2 * amplitude + 1)) - amplitude;
  });
}
