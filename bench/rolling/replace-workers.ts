import type { MeasuredWorker } from '../lib/measured-worker.ts';

/**
 * Replaces workers as Kubernetes rolls a deployment out with maxSurge 1 and maxUnavailable 0: a new one
 * is started, and once it is ready an old one gets SIGTERM; what still drains counts no more, so the
 * next one is started at once. Resolves once all old ones have ended, with how they did.
 */
export async function replaceWorkers(
  old: readonly MeasuredWorker[],
  start: () => Promise<MeasuredWorker>,
  beforeEach: () => Promise<void>,
): Promise<readonly (number | NodeJS.Signals)[]> {
  const ends: Promise<number | NodeJS.Signals>[] = [];
  for (const worker of old) {
    await start();
    await beforeEach();
    worker.signal('SIGTERM');
    ends.push(worker.exited);
  }
  return await Promise.all(ends);
}
