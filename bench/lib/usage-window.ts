import { machineUse, readMachineTimes } from './machine-use.ts';
import { loopUse } from './measured-worker.ts';
import type { MeasuredWorker } from './measured-worker.ts';
import { rounded } from './percentile.ts';
import { readSchedulerDelayMs } from './scheduler-delay.ts';
import type { VoiceScene } from './voice-scene.ts';

/** What was used over some time. */
export interface Used {
  /** Share of the time in which the worker's event loop was at work. */
  readonly workerLoopUse: number;
  /** CPU time over wall time, of all threads of the worker. */
  readonly workerCore: number;
  /** Share of all cores that was at work, the stack, the visitors and strangers included. */
  readonly machineUse: number;
  /** Ms in a second for which the main thread of each was ready and had to wait for a core. */
  readonly schedulerDelayMsPerS: Readonly<Record<'worker' | 'visitors' | 'stack', number>>;
}

/** Begins to look; what it gives ends the looking, and tells. */
export async function watchUse(
  worker: MeasuredWorker,
  { speakers }: Pick<VoiceScene, 'speakers'>,
): Promise<() => Promise<Used>> {
  const pids = { worker: worker.pid, visitors: speakers.pid, stack: process.pid };
  const delays = (): Readonly<Record<keyof typeof pids, number>> => ({
    worker: readSchedulerDelayMs(pids.worker),
    visitors: readSchedulerDelayMs(pids.visitors),
    stack: readSchedulerDelayMs(pids.stack),
  });
  const before = { usage: await worker.usage(), machine: readMachineTimes(), delays: delays() };
  const startedAt = performance.now();
  return async () => {
    const tookMs = performance.now() - startedAt;
    const after = { usage: await worker.usage(), machine: readMachineTimes(), delays: delays() };
    const perS = (who: keyof typeof pids): number =>
      rounded(((after.delays[who] - before.delays[who]) * 1_000) / tookMs);
    return {
      workerLoopUse: rounded(loopUse(before.usage, after.usage), 3),
      workerCore: rounded((after.usage.cpuMs - before.usage.cpuMs) / tookMs, 3),
      machineUse: rounded(machineUse(before.machine, after.machine), 2),
      schedulerDelayMsPerS: {
        worker: perS('worker'),
        visitors: perS('visitors'),
        stack: perS('stack'),
      },
    };
  };
}
