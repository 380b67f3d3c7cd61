import { readFileSync } from 'node:fs';

/** How long a process's main thread was ready to run and got no CPU, so far, in ms. */
export function readSchedulerDelayMs(pid: number): number {
  const schedstat = readFileSync(`/proc/${pid}/schedstat`, 'utf8');
  return Number(schedstat.split(' ')[1]) / 1e6;
}
