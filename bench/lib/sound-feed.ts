import { performance } from 'node:perf_hooks';
import { readSamples, RECORDINGS } from '../../dev/speech/catalog.ts';

/** Takes the next frame of a stream. */
export type TakeFrame = (stream: number, frame: Int16Array) => void;

/**
 * Feeds streams with recorded talk as rooms do: a frame of 32 ms each, every stream at a phase of its
 * own. Resolves after `durationMs`.
 */
export async function feedSound(
  streams: number,
  durationMs: number,
  take: TakeFrame,
): Promise<void> {
  const talk = makeTalk();
  const startedAt = performance.now();
  const sent = Array.from({ length: streams }, () => 0);
  const tick = (now: number): void => {
    for (const [stream, frames] of sent.entries()) {
      const dueAt = (frames + 1 + stream / streams) * FRAME_MS;
      if (now < dueAt) continue;
      const at = ((frames + stream * PHASE_FRAMES) * FRAME_SAMPLES) % (talk.length - FRAME_SAMPLES);
      take(stream, talk.slice(at, at + FRAME_SAMPLES));
      sent[stream] = frames + 1;
    }
  };
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const now = performance.now() - startedAt;
      tick(now);
      if (now < durationMs) return;
      clearInterval(timer);
      resolve();
    }, 1);
  });
}

const FRAME_MS = 32;
const FRAME_SAMPLES = 512;
/** So that no two say the same at the same time. */
const PHASE_FRAMES = 37;

/** All that is recorded, one after the other, each followed by as much silence. */
function makeTalk(): Int16Array {
  return Int16Array.from(
    RECORDINGS.flatMap((recording) => {
      const pcm = readSamples(recording);
      return [...pcm, ...new Int16Array(pcm.length)];
    }),
  );
}
