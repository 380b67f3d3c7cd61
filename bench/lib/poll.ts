import { setTimeout as sleep } from 'node:timers/promises';

const EVERY_MS = 25;

/** Reads again and again until `isGood`; gives what it read last, good or, after `limitMs`, not. */
export async function poll<T>(
  read: () => Promise<T>,
  isGood: (value: T) => boolean,
  limitMs: number,
): Promise<T> {
  const giveUpAt = performance.now() + limitMs;
  for (;;) {
    const value = await read();
    if (isGood(value) || performance.now() > giveUpAt) return value;
    await sleep(EVERY_MS);
  }
}
