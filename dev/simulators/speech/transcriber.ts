import { nowMs } from '../common/time.ts';
import type { Stream } from './ledger.ts';
import { openRecognizer } from './recognizer.ts';
import type { Utterance } from './recognizer.ts';
import type { Settings } from './settings.ts';

/** What a provider has to tell of a stream, when it is time to. */
export type Transcribed =
  | { readonly type: 'speech-started'; readonly atMs: number }
  | { readonly type: 'partial'; readonly utterance: Utterance }
  /** `asked`: made by `finish`, not by silence. */
  | { readonly type: 'final'; readonly utterance: Utterance; readonly asked: boolean };

/** One stream's transcription, at the provider's pace. */
export interface Transcriber extends Disposable {
  /** Takes 16 kHz mono sound. */
  push(pcm: Int16Array): void;
  /** Makes a final of what was understood so far. */
  finish(): void;
  /** Runs `run` a partial's latency after the sound so far, when all understood of it is told. */
  inOrder(run: () => void): void;
  /** Resolves when nothing waits to be told any more. */
  settled(): Promise<void>;
  /** Everything is told this much later from now on. */
  slowDown(byMs: number): void;
}

/** Recognizes, and holds back what it tells as long as a provider would take. */
export function openTranscriber(
  deps: { readonly settings: () => Settings; readonly stream: Stream },
  { endpointingMs }: { readonly endpointingMs: number },
  tell: (event: Transcribed) => void,
): Transcriber {
  const { settings, stream } = deps;
  const timers = new Set<NodeJS.Timeout>();
  /** What is to be told, in order: of two timers for one moment the later may fire first. */
  const waiting: (() => void)[] = [];
  let settle: (() => void)[] = [];
  let heardMs = 0;
  let extraMs = 0;
  let lastDueAt = 0;
  let finishing = false;

  const recognizer = openRecognizer({ endpointingMs }, (event) => {
    if (event.type === 'speech-started') {
      return later(event.atMs, settings().latency.partialMs, () => tell(event));
    }
    const { utterance } = event;
    if (event.type === 'words') {
      return later(utterance.toMs, settings().latency.partialMs, () =>
        tell({ type: 'partial', utterance }),
      );
    }
    const confidence = settings().confidence ?? utterance.confidence;
    const asked = finishing;
    return later(utterance.toMs, settings().latency.finalMs, (spokenAt) => {
      stream.finals.push({
        text: utterance.text,
        audioToMs: utterance.toMs,
        spokenAt,
        sentAt: nowMs(),
      });
      tell({ type: 'final', utterance: { ...utterance, confidence }, asked });
    });
  });

  /** Tells what ended at `audioMs` `latencyMs` after that sound came in, and never out of order. */
  function later(audioMs: number, latencyMs: number, run: (spokenAt: number) => void): void {
    const spokenAt = nowMs() - Math.max(0, heardMs - audioMs);
    lastDueAt = Math.max(lastDueAt, spokenAt + latencyMs + extraMs);
    waiting.push(() => run(spokenAt));
    const timer = setTimeout(
      () => {
        timers.delete(timer);
        waiting.shift()?.();
        if (timers.size === 0) beSettled();
      },
      Math.max(0, lastDueAt - nowMs()),
    );
    timers.add(timer);
  }

  function beSettled(): void {
    for (const done of settle) done();
    settle = [];
  }

  return {
    push(pcm) {
      heardMs += pcm.length / 16;
      recognizer.push(pcm);
    },
    finish() {
      finishing = true;
      recognizer.finish();
      finishing = false;
    },
    inOrder: (run) => later(heardMs, settings().latency.partialMs, run),
    settled: () =>
      timers.size === 0 ? Promise.resolve() : new Promise((resolve) => settle.push(resolve)),
    slowDown: (byMs) => void (extraMs += byMs),
    [Symbol.dispose]() {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
      waiting.length = 0;
      beSettled();
    },
  };
}
