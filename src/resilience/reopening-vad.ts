import type { Clock } from '../lib/clock.ts';
import { backoffMs } from '../lib/retry.ts';
import { openScope } from '../lib/scope.ts';
import type { Observe } from '../ports/observe.ts';
import type { SpeechWindow, VoiceActivity, VoiceActivityStream } from '../ports/voice-activity.ts';

export interface ReopeningVadDeps {
  readonly clock: Clock;
  readonly observe: Observe;
  readonly random: () => number;
  /** @throws where the model does not load. */
  readonly open: (signal: AbortSignal) => Promise<VoiceActivity>;
}

const BACKOFF = { firstMs: 500, maxMs: 30_000 };
/** After as many failures in a row the streams are told: it cannot be helped at once. */
const TOLD_FAILURES = 4;
/** A model that has lived for so long begins anew with its failures. */
const WELL_MS = 60_000;

/**
 * Tells speech by a model that is opened again when it fails: streams go on with the new one, and what
 * sounded in between is nobody’s speech. `failed` is told where that takes long; it is tried on.
 */
export function withReopening(deps: ReopeningVadDeps, first: VoiceActivity): VoiceActivity {
  const { clock, observe } = deps;
  const life = openScope();
  const streams = new Set<Stream>();
  let model: VoiceActivity | undefined = first;
  let openedAt = clock.monotonicMs();
  let failures = 0;

  function attach(stream: Stream, to: VoiceActivity): void {
    const from = stream.samples;
    stream.inner = to.open(
      ({ probability, toSample }) => stream.judged({ probability, toSample: from + toSample }),
      (error) => lost(to, error),
    );
  }

  /** Every stream tells the same failure. */
  function lost(dead: VoiceActivity, error: unknown): void {
    if (model !== dead || life.signal.aborted) return;
    model = undefined;
    for (const stream of streams) stream.inner = undefined;
    void dead[Symbol.asyncDispose]();
    if (clock.monotonicMs() - openedAt >= WELL_MS) failures = 0;
    fail(error);
    void reopen();
  }

  function fail(error: unknown): void {
    failures += 1;
    observe({ type: 'provider-failed', provider: 'vad', error });
    if (failures === TOLD_FAILURES) for (const stream of streams) stream.failed(error);
  }

  /** At once after the first failure, then with longer and longer pauses. */
  async function reopen(): Promise<void> {
    while (!life.signal.aborted) {
      const pauseMs = failures > 1 ? backoffMs(BACKOFF, failures - 1, deps.random()) : 0;
      try {
        if (pauseMs > 0) await clock.delay(pauseMs, life.signal);
        const opened = await deps.open(life.signal);
        model = opened;
        openedAt = clock.monotonicMs();
        for (const stream of streams) attach(stream, opened);
        return;
      } catch (error) {
        if (!life.signal.aborted) fail(error);
      }
    }
  }

  return {
    open(judged, failed) {
      const stream: Stream = { judged, failed, samples: 0, inner: undefined };
      streams.add(stream);
      if (model !== undefined) attach(stream, model);
      return {
        push(pcm) {
          stream.samples += pcm.length;
          stream.inner?.push(pcm);
        },
        [Symbol.dispose]() {
          streams.delete(stream);
          stream.inner?.[Symbol.dispose]();
          stream.inner = undefined;
        },
      };
    },
    async [Symbol.asyncDispose]() {
      life[Symbol.dispose]();
      await model?.[Symbol.asyncDispose]();
    },
  };
}

interface Stream {
  readonly judged: (window: SpeechWindow) => void;
  readonly failed: (error: unknown) => void;
  /** Pushed into it, whoever judged them. */
  samples: number;
  inner: VoiceActivityStream | undefined;
}
