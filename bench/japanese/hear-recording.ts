import { readSamples } from '../../dev/speech/catalog.ts';
import type { Recording } from '../../dev/speech/catalog.ts';
import { systemClock } from '../../src/lib/clock.ts';
import type { SpeechToText } from '../../src/ports/speech-to-text.ts';
import { editDistance, plainCharacters } from './characters.ts';

/** What a provider made of one recording. */
export interface HeardRecording {
  /** Of the recording's own text, marks aside. */
  readonly characters: number;
  /** Characters that would have to be changed, added or taken away. */
  readonly errors: number;
  /** From the last sample of the speech to the last final, in ms; absent if none came. */
  readonly finalMs: number | undefined;
}

/** Plays the recording to the provider in real time, and silence behind it, as a microphone does. */
export async function hearRecording(
  stt: SpeechToText,
  recording: Recording,
): Promise<HeardRecording> {
  const finals: string[] = [];
  const ended = Promise.withResolvers<void>();
  let lastFinalAt: number | undefined;
  using stream = stt.open({ language: 'ja' }, (event) => {
    if (event.type === 'final') {
      finals.push(event.text);
      lastFinalAt = performance.now();
    }
    if (event.type === 'flushed' || event.type === 'ended') ended.resolve();
  });
  const push = (pcm: Int16Array): void => stream.push(pcm);
  await play(push, new Int16Array(LEAD_SAMPLES));
  await play(push, readSamples(recording));
  const spokenAt = performance.now();
  await play(push, new Int16Array(TAIL_SAMPLES));
  stream.flush();
  await Promise.race([ended.promise, systemClock.delay(LIMIT_MS)]);
  const said = plainCharacters(recording.text);
  return {
    characters: said.length,
    errors: editDistance(said, plainCharacters(finals.join(''))),
    finalMs: lastFinalAt === undefined ? undefined : lastFinalAt - spokenAt,
  };
}

const FRAME_SAMPLES = 512;
const FRAME_MS = 32;
const LEAD_SAMPLES = 16 * 320;
const TAIL_SAMPLES = 16 * 1_500;
const LIMIT_MS = 10_000;

async function play(push: (pcm: Int16Array) => void, pcm: Int16Array): Promise<void> {
  const startedAt = performance.now();
  for (let at = 0, due = FRAME_MS; at < pcm.length; at += FRAME_SAMPLES, due += FRAME_MS) {
    push(pcm.slice(at, at + FRAME_SAMPLES));
    await systemClock.delay(Math.max(0, startedAt + due - performance.now()));
  }
}
