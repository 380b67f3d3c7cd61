import type { Clock } from '../lib/clock.ts';
import { backoffMs } from '../lib/retry.ts';
import type { BotLease } from '../ports/bot.ts';

const AGAIN = { firstMs: 250, maxMs: 3_000 };

/**
 * Asks the database whether the room is still ours, until it answers. False when it is not, by which
 * the lease is lost, or when `signal` aborts. While there is no answer nobody else can take the room
 * either.
 */
export async function isStillOurs(
  deps: { readonly clock: Clock; readonly random: () => number },
  lease: Pick<BotLease, 'confirm'>,
  signal: AbortSignal,
): Promise<boolean> {
  for (let asked = 1; !signal.aborted; asked += 1) {
    const answer = await lease.confirm(signal).catch(() => undefined);
    if (answer !== undefined) return answer;
    await deps.clock.delay(backoffMs(AGAIN, asked, deps.random()), signal).catch(() => undefined);
  }
  return false;
}
