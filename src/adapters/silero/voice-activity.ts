import { TroupeError } from '../../errors.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Observe } from '../../ports/observe.ts';
import type { SpeechWindow, VoiceActivity } from '../../ports/voice-activity.ts';
import { makeBatches } from './batches.ts';
import type { Row } from './batches.ts';
import { makeHangoverTrim } from './hangover.ts';
import { openModelThread } from './model-thread.ts';
import { makeWindows, WINDOW_SAMPLES } from './windows.ts';
import type { Windows } from './windows.ts';

interface VoiceActivityDeps {
  readonly clock: Clock;
  readonly observe: Observe;
}

/**
 * Silero VAD v6 for all rooms of the process: here windows are cut and joined, in a thread of its own
 * the model judges them. A microphone that gives nothing but its own steady noise, softer
 * than -60 dB, costs no inference. `signal` ends the opening only.
 * @throws TroupeError of service `vad` when the model does not load; the signal's reason.
 */
export async function openSileroVoiceActivity(
  { clock, observe }: VoiceActivityDeps,
  signal: AbortSignal,
): Promise<VoiceActivity> {
  const streams = new Set<Stream>();
  let newestId = 0;
  let over: TroupeError | undefined;

  const failAll = (error: TroupeError): void => {
    for (const stream of streams) {
      leave(stream);
      stream.failed(error);
    }
  };
  const end = (error: TroupeError): void => {
    over ??= error;
    failAll(over);
    batches.close();
  };
  /** What has been too quiet for so long holds no speech: nobody's turn waits for it. */
  const passOver = (stream: Stream): void => {
    batches.leave(stream);
    for (const { toSample } of stream.windows.passOver()) {
      if (streams.has(stream)) stream.judged({ probability: 0, toSample });
    }
  };
  const leave = (stream: Stream): void => {
    streams.delete(stream);
    batches.leave(stream);
  };

  const batches = makeBatches<Stream>({
    clock,
    send: (batch) =>
      thread.ask({
        type: 'judge',
        streams: batch.map(({ stream }) => stream.id),
        samples: joinSamples(batch),
      }),
    stuck() {
      end(failure('voice activity detection does not answer'));
      void thread[Symbol.asyncDispose]();
    },
  });
  const thread = await openModelThread(
    {
      clock,
      judged(probabilities) {
        for (const [row, { stream, window }] of batches.answered().entries()) {
          if (window.isPassed || !streams.has(stream)) continue;
          const probability = stream.trimmed(window.pcm, probabilities[row] ?? 0);
          stream.judged({ probability, toSample: window.toSample });
        }
      },
      failed: end,
    },
    signal,
  );
  const tellSkipped = makeSkipTeller({ clock, observe });

  return {
    open(judged, failed) {
      newestId += 1;
      const parts = { windows: makeWindows(), trimmed: makeHangoverTrim() };
      const stream: Stream = { id: newestId, ...parts, judged, failed };
      streams.add(stream);
      // Within this call the caller does not have its stream yet.
      if (over !== undefined) queueMicrotask(() => over !== undefined && failAll(over));
      return {
        push(pcm) {
          if (over !== undefined || !streams.has(stream)) return;
          tellSkipped(stream.windows.push(pcm));
          if (stream.windows.isQuiet() && !batches.isAtWork(stream)) return passOver(stream);
          batches.join(stream);
          if (!stream.windows.isEmpty()) batches.ready(stream);
        },
        [Symbol.dispose]() {
          if (!streams.has(stream)) return;
          leave(stream);
          if (over === undefined) thread.ask({ type: 'forget', stream: stream.id });
        },
      };
    },
    async [Symbol.asyncDispose]() {
      end(failure('voice activity detection is closed'));
      await thread[Symbol.asyncDispose]();
    },
  };
}

interface Stream {
  readonly id: number;
  readonly windows: Windows;
  readonly trimmed: (pcm: Int16Array, probability: number) => number;
  readonly judged: (window: SpeechWindow) => void;
  readonly failed: (error: unknown) => void;
}

function joinSamples(batch: readonly Row<Stream>[]): Int16Array<ArrayBuffer> {
  const samples = new Int16Array(batch.length * WINDOW_SAMPLES);
  for (const [row, { window }] of batch.entries()) samples.set(window.pcm, row * WINDOW_SAMPLES);
  return samples;
}

/** Says that the model is too slow for the sound; once a minute, as all streams will feel it. */
function makeSkipTeller({ clock, observe }: VoiceActivityDeps): (windows: number) => void {
  let silentUntil = Number.NEGATIVE_INFINITY;
  return (windows) => {
    if (windows === 0 || clock.monotonicMs() < silentUntil) return;
    silentUntil = clock.monotonicMs() + 60_000;
    observe({
      type: 'warning',
      what: 'voice activity falls behind the sound and skips some of it',
    });
  };
}

function failure(message: string): TroupeError {
  return new TroupeError(message, { kind: 'unavailable', fault: 'fleet', service: 'vad' });
}
