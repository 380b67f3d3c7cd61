import { readSamples, recordingOf } from '../../dev/speech/catalog.ts';
import { SOUND_RATE } from '../../dev/voice/tape.ts';

/** A recording without the silence around its words. */
export function recordedWords(id: string): Int16Array {
  const recording = recordingOf(id);
  const pcm = readSamples(recording);
  const [from, to] = [recording.words[0]?.fromMs, recording.words.at(-1)?.toMs];
  if (from === undefined || to === undefined) return pcm;
  return pcm.subarray((from / 1_000) * SOUND_RATE, (to / 1_000) * SOUND_RATE);
}
