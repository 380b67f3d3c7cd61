import { readdirSync, readlinkSync } from 'node:fs';
import { readProcessUsage } from '../lib/process-usage.ts';
import type { Level } from './observations.ts';
import type { Standing } from './place.ts';

/** What a worker holds right now, without its garbage. @throws Error when it is gone, or does not answer. */
export async function readLevel({ process, health }: Standing): Promise<Level> {
  // Collected before it answers (worker-preload.ts).
  const { pid } = process;
  process.signal('SIGUSR1');
  const answer = await fetch(`${health.url}/status`, {
    signal: AbortSignal.timeout(3_000),
  });
  const { rooms } = (await answer.json()) as { readonly rooms: readonly unknown[] };
  const files = readdirSync(`/proc/${pid}/fd`).map((fd) => targetOf(`/proc/${pid}/fd/${fd}`));
  return {
    rooms: rooms.length,
    sockets: files.filter((target) => target.startsWith('socket:')).length,
    files: files.length,
    rssMb: readProcessUsage(pid).rssMb,
  };
}

/** Whether a worker says that it is ready. */
export async function isReady({ health }: Standing): Promise<boolean> {
  try {
    return (await fetch(`${health.url}/readyz`, { signal: AbortSignal.timeout(1_000) })).ok;
  } catch {
    return false;
  }
}

/** A file may be closed between the two looks. */
function targetOf(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    return '';
  }
}
