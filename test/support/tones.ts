/** A sine of half the full loudness. */
export function makeTone(hz: number, ms: number, sampleRate: number): Int16Array {
  const samples = new Int16Array((sampleRate * ms) / 1_000);
  return samples.map((_, n) => 16_000 * Math.sin((2 * Math.PI * hz * n) / sampleRate));
}

/** A sine that rises evenly from one pitch to another. */
export function makeSweep(
  fromHz: number,
  toHz: number,
  ms: number,
  sampleRate: number,
): Int16Array {
  const samples = new Int16Array((sampleRate * ms) / 1_000);
  const risePerSample = (toHz - fromHz) / samples.length;
  return samples.map((_, n) => {
    const turns = (n * (fromHz + (risePerSample * n) / 2)) / sampleRate;
    return 16_000 * Math.sin(2 * Math.PI * turns);
  });
}

/** The pitch of a tone in Hz, to about 50 Hz in 20 ms of it; `undefined` for silence. */
export function pitchOf(pcm: Int16Array, sampleRate: number): number | undefined {
  const energy = pcm.reduce((sum, sample) => sum + sample * sample, 0);
  if (Math.sqrt(energy / pcm.length) < QUIET) return undefined;
  const crossings = pcm.filter((sample, n) => n > 0 && sample < 0 !== (pcm[n - 1] ?? 0) < 0).length;
  return (crossings * sampleRate) / (2 * pcm.length);
}

/** Whether `pcm` sounds like a tone of `hz`. */
export function isTone(pcm: Int16Array, hz: number, sampleRate: number): boolean {
  const pitch = pitchOf(pcm, sampleRate);
  return pitch !== undefined && Math.abs(pitch - hz) < hz / 4;
}

const QUIET = 1_000;
