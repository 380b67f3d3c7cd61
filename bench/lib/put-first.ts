import { setPriority } from 'node:os';

/**
 * Puts a process before the workers: people and providers are on machines of their own, and are to hear
 * and to answer in time on a busy one too. A process that has just started goes before them with all its
 * threads, one that runs with its main thread alone; what they start later inherits it.
 */
export function putFirst(pid: number): void {
  try {
    setPriority(pid, -10);
  } catch {
    // Only root may: others are late with the rest, which the scheduler's delay shows.
  }
}
