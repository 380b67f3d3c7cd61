import type { Worker } from 'node:worker_threads';
import { openSileroVoiceActivity } from '../../src/adapters/silero/voice-activity.ts';
import { systemClock } from '../../src/lib/clock.ts';
import type { VoiceActivity } from '../../src/ports/voice-activity.ts';

/** The real model, with a hand on its thread. */
export async function crashingSilero(): Promise<
  AsyncDisposable & {
    readonly voiceActivity: VoiceActivity;
    /** The thread meets what it cannot read, and dies of it. */
    readonly crash: () => void;
  }
> {
  let worker: Worker | undefined;
  process.once('worker', (started) => (worker = started));
  const voiceActivity = await openSileroVoiceActivity(
    { clock: systemClock, observe: () => undefined },
    AbortSignal.timeout(30_000),
  );
  return {
    voiceActivity,
    crash: () => worker?.postMessage(null, []),
    [Symbol.asyncDispose]: () => voiceActivity[Symbol.asyncDispose](),
  };
}
