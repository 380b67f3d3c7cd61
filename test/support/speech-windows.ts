import { readSamples, recordingOf } from '../../dev/speech/catalog.ts';
import type { SpeechWindow, VoiceActivity } from '../../src/ports/voice-activity.ts';
import { openChanges } from './until.ts';

/** A recording of {@link readSamples} by its id. */
export function recordingSamples(id: string): Int16Array {
  return readSamples(recordingOf(id));
}

/** A stream that keeps what was judged and what failed. */
export interface ListeningStream extends Disposable {
  readonly push: (pcm: Int16Array) => void;
  readonly windows: SpeechWindow[];
  readonly failures: unknown[];
  /** Resolves when so many windows were judged. */
  readonly judged: (count: number) => Promise<readonly SpeechWindow[]>;
  readonly failed: () => Promise<unknown>;
}

export function listenTo(voiceActivity: VoiceActivity): ListeningStream {
  const changes = openChanges();
  const windows: SpeechWindow[] = [];
  const failures: unknown[] = [];
  const stream = voiceActivity.open(
    (window) => {
      windows.push(window);
      changes.tell();
    },
    (error) => {
      failures.push(error);
      changes.tell();
    },
  );
  return {
    push: (pcm) => stream.push(pcm),
    windows,
    failures,
    judged: (count) => changes.until(`${count} windows`, () => windows.length >= count && windows),
    failed: async () =>
      (await changes.until('a failure', () => failures.length > 0 && failures))[0],
    [Symbol.dispose]: () => stream[Symbol.dispose](),
  };
}

/** The sound in frames of these lengths, over and over. */
export function* framesOf(pcm: Int16Array, ...lengths: readonly number[]): Generator<Int16Array> {
  for (let at = 0, count = 0; at < pcm.length; count += 1) {
    const length = lengths[count % lengths.length] ?? pcm.length;
    yield pcm.slice(at, at + length);
    at += length;
  }
}
