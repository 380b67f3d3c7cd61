import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Looks every 25 ms until `look` finds something, for what nobody tells us: rows, queues, health.
 * @throws when it has found nothing after `limitMs`; `look`'s last error is the cause.
 */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined | false>,
  limitMs = 10_000,
): Promise<T> {
  const giveUpAt = performance.now() + limitMs;
  let cause: unknown;
  while (performance.now() < giveUpAt) {
    try {
      const found = await look();
      if (found !== undefined && found !== false) return found;
    } catch (error) {
      cause = error;
    }
    await sleep(25);
  }
  throw new Error(`waited ${limitMs} ms in vain for ${what}`, { cause });
}
