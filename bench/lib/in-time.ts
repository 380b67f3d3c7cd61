import { setPriority } from 'node:os';

/**
 * Puts the main thread of this process before the workers: people and providers are on machines of their
 * own, and are to hear and to answer in time on a busy one too. What it starts later inherits it.
 */
export function runInTime(): void {
  try {
    setPriority(-10);
  } catch {
    // Who may not is late with the rest; the scheduler's delay shows it.
  }
}
