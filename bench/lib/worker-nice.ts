import { getPriority, setPriority } from 'node:os';

/**
 * The nice value that `BENCH_WORKER_NICE` gives to measured workers, 0 by default. A worker has a machine
 * to itself in truth; here visitors, LiveKit and the simulated providers are on the same two cores, and
 * with -10 it waits for none of them. Results tell it, and only root may go below 0.
 * @throws Error where the variable is no whole number from -20 to 19.
 */
export function workerNice(): number {
  const set = process.env['BENCH_WORKER_NICE'] ?? '0';
  const nice = Number(set);
  if (!Number.isInteger(nice) || nice < -20 || nice > 19) {
    throw new Error(`BENCH_WORKER_NICE is ${set}: a whole number from -20 to 19 is needed`);
  }
  return nice;
}

/** Sets it for a process that was just started: threads take it over from the one that starts them. */
export function setWorkerNice(pid: number): void {
  const nice = workerNice();
  if (nice !== getPriority()) setPriority(pid, nice);
}
