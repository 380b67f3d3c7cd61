import { systemClock } from '../../lib/clock.ts';

/** A connection that was used so lately is still open. */
const FRESH_MS = 3_000;
const LIMIT_MS = 5_000;

/**
 * Makes what opens a connection to the provider, if the last one may be closed by now: whoever asks
 * next then needs no handshake. `usedAt` is when it was last used, in monotonic ms. Never rejects.
 */
export function makeWarmUp(baseUrl: string, usedAt: () => number): () => Promise<void> {
  let triedAt = -Infinity;
  return async () => {
    const now = systemClock.monotonicMs();
    if (now - Math.max(usedAt(), triedAt) < FRESH_MS) return;
    triedAt = now;
    // The answer does not matter, and needs no key. Node closes a connection behind a HEAD.
    const request = { method: 'OPTIONS', signal: AbortSignal.timeout(LIMIT_MS) };
    const asked = fetch(`${baseUrl}/models`, request).then((response) => response.text());
    await asked.catch(() => undefined);
  };
}
