import { readdirSync } from 'node:fs';
import { loopUse } from '../lib/measured-worker.ts';
import type { MeasuredWorker, WorkerUsage } from '../lib/measured-worker.ts';

/** What a worker has and uses at one moment of a long run. */
export interface Look {
  readonly minute: number;
  readonly rssMb: number;
  readonly pssMb: number;
  readonly heapUsedMb: number;
  /** Resident memory that V8 does not know of. */
  readonly nativeMb: number;
  readonly openFiles: number;
  readonly activeHandles: number;
  readonly threads: number;
  /** Share of the time since the last look in which the event loop was at work. */
  readonly loopUse: number;
}

/**
 * Looks at a worker again and again. Each look lets it collect its garbage first, which comes and goes
 * by a hundred MB and would hide what stays.
 */
export async function watchWorker(
  worker: MeasuredWorker,
): Promise<(minute: number) => Promise<Look>> {
  let last = await worker.usage('tidy');
  return async (minute) => {
    const usage = await worker.usage('tidy');
    const used = loopUse(last, usage);
    last = usage;
    return { minute, ...countsOf(worker.pid), ...memoryOf(usage), loopUse: used };
  };
}

function memoryOf({ rssMb, pssMb, heapUsedMb, managedMb, activeHandles }: WorkerUsage) {
  return { rssMb, pssMb, heapUsedMb, nativeMb: rssMb - managedMb, activeHandles };
}

function countsOf(pid: number) {
  return {
    openFiles: readdirSync(`/proc/${pid}/fd`).length,
    threads: readdirSync(`/proc/${pid}/task`).length,
  };
}
