/**
 * Tells where one stream's speech ends: show it each window with the model's answer, in order; gives the
 * answer that counts.
 *
 * The model remembers, and takes what follows a voice for more of it: its hangover. Behind the recordings
 * of `dev/speech`, in noise of -71 dB, that is 64 ms as a rule and 128 at most, and every answer would wait
 * for it. So what is 40 dB softer than the voice before it is no voice. Of their words that takes 1 window
 * in 120, each of them below -57 dB.
 */
export function makeHangoverTrim(): (pcm: Int16Array, probability: number) => number {
  let voice = 0;
  return (pcm, probability) => {
    const power = powerOf(pcm);
    voice *= FALL;
    if (power * RANGE < voice) return 0;
    if (probability >= SURE) voice = Math.max(voice, power);
    return probability;
  };
}

const RANGE = ratio(40);
/** A cough that the model takes for none makes no voice behind it too soft. */
const SURE = 0.5;
/** 20 dB a second: who speaks more softly than the one before them is heard soon. */
const FALL = ratio((-20 * 512) / 16_000);

function powerOf(pcm: Int16Array): number {
  return pcm.reduce((sum, sample) => sum + sample * sample, 0) / pcm.length;
}

function ratio(decibels: number): number {
  return 10 ** (decibels / 10);
}
