import { onAbort, unlessAborted } from '../lib/abort.ts';
import type { Clock } from '../lib/clock.ts';
import { withDeadline } from '../lib/deadline.ts';
import type { BotOutcome, RunningBot } from '../ports/bot.ts';
import type { Observe } from '../ports/observe.ts';
import type { LoneLease } from './lone-lease.ts';

/** How long the bot gets to leave when somebody waits who has asked twice, in ms. */
const FORCED_LIMIT_MS = 1_000;

/**
 * Runs the bot of a room without a queue to its end, and writes that it has left. When `graceful`
 * aborts it is asked to leave; a second after `forced` it is silenced and left to itself, and so is
 * its row. Never rejects.
 */
export async function runLoneBot(
  { clock, observe }: { readonly clock: Clock; readonly observe: Observe },
  bot: RunningBot,
  { lease, leave }: LoneLease,
  { graceful, forced }: { readonly graceful: AbortSignal; readonly forced: AbortSignal },
): Promise<BotOutcome> {
  using _asked = onAbort(graceful, () => bot.leave('stop'));
  const ended = bot.outcome.then(async (outcome) => {
    await leave(outcome.kind === 'failed' ? 'failed' : 'left');
    return outcome;
  });
  try {
    return await unlessAborted(ended, forced);
  } catch {
    const last = withDeadline(clock, FORCED_LIMIT_MS, () => ended);
    return await last.catch(() => {
      observe({ type: 'warning', what: CUT_SHORT, room: bot.room });
      lease.lose('the process ends');
      return { kind: 'lost' };
    });
  }
}

const CUT_SHORT = 'the bot could not leave in time: its row stays live until the next start';
