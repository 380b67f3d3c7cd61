import { vi } from 'vitest';

/** Resolves once `check` throws no more. Vitest's own second is too short on a busy machine. */
export function holds<T>(check: () => T | Promise<T>, limitMs = 10_000): Promise<T> {
  return vi.waitFor(check, { timeout: limitMs, interval: 10 });
}
