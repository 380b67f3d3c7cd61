import { setTimeout as delay } from 'node:timers/promises';

/** Asks `ready` every 20 ms until it holds. @throws Error naming `what` after `limitMs`. */
export async function waitUntil(
  what: string,
  ready: () => Promise<boolean>,
  limitMs: number,
  explain: () => string = () => '',
): Promise<void> {
  const end = performance.now() + limitMs;
  while (!(await ready().catch(() => false))) {
    if (performance.now() > end) {
      throw new Error(`${what} did not come up within ${limitMs} ms\n${explain()}`);
    }
    await delay(20);
  }
}
