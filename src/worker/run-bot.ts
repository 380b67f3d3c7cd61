import { onAbort, unlessAborted } from '../lib/abort.ts';
import type { Clock } from '../lib/clock.ts';
import { withDeadline } from '../lib/deadline.ts';
import type { BotOutcome, RunningBot, StartBot } from '../ports/bot.ts';
import type { Arrival, LeaseTable } from '../ports/lease-table.ts';
import type { Observe } from '../ports/observe.ts';
import type { Lease } from './lease.ts';
import type { LeaseTimes } from './lease-times.ts';
import type { LookUps } from './look-ups.ts';
import type { Patience } from './patience.ts';
import type { Case } from './settlement.ts';
import type { Slot } from './slots.ts';

export interface RunBotDeps {
  readonly startBot: StartBot;
  readonly leases: Pick<LeaseTable, 'markHealthy'>;
  readonly lookUps: LookUps;
  readonly clock: Clock;
  readonly observe: Observe;
  readonly times: LeaseTimes;
}

/** Longest time that a bot gets to leave once it has to, in ms. */
export const BOT_END_LIMIT_MS = 6_000;

/** Runs one bot in its place, to its end; also tells whether it ever was in the room. */
export async function runBot(
  deps: RunBotDeps,
  { delivery, activation }: Case,
  {
    lease,
    slot,
    arrival,
    patience,
  }: {
    readonly lease: Lease;
    readonly slot: Slot;
    readonly arrival: Arrival;
    readonly patience: Patience;
  },
): Promise<{ readonly outcome: BotOutcome; readonly wasThere: boolean }> {
  const { room, session, characterId, mode } = activation;
  const requestedAt = activation.requestedAt ?? delivery.sentAt;
  const [epoch, generation] = [lease.epoch(), lease.generation()];
  deps.observe({ type: 'bot-started', room, session, epoch, arrival, generation });
  const receivedAt = lease.flight().takenAt.monotonicMs;
  const asked = { room, session, characterId, mode, requestedAt, receivedAt };
  const bot = deps.startBot({ ...asked, arrival, lease });
  slot.occupy({ bot, lease, since: deps.clock.wallMs() });
  using _keptOut = onAbort(patience.over, () => {
    deps.observe({ type: 'warning', what: KEPT_OUT, room, session });
    bot.leave('drain');
  });
  using _health = deps.clock.after(deps.times.visibilityMs, () => markHealthy(deps, lease));
  const outcome = await endOf(deps, bot, lease);
  return { outcome, wasThere: bot.status().phase !== 'starting' };
}

const KEPT_OUT = 'the bot cannot get into its room from here: others are to try';

/** A bot that outlives its lost lease by more than it may is abandoned: its place is needed. */
async function endOf(
  { clock, observe }: RunBotDeps,
  { room, session, outcome }: RunningBot,
  lease: Lease,
): Promise<BotOutcome> {
  try {
    return await unlessAborted(outcome, lease.lost);
  } catch {
    const last = withDeadline(clock, BOT_END_LIMIT_MS, () => outcome);
    return await last.catch((error: unknown) => {
      observe({ type: 'unexpected-error', room, session, error });
      return { kind: 'lost' };
    });
  }
}

/** A bot that has lived for V is well: what crashed before it is forgotten. */
function markHealthy({ leases, lookUps, observe }: RunBotDeps, lease: Lease): void {
  lookUps.succeeded();
  const held = lease.held();
  if (held === undefined || lease.lost.aborted) return;
  leases.markHealthy(held).then(
    (written) => written === 'lost' && lease.refused(held.epoch),
    (error: unknown) => observe({ type: 'provider-failed', provider: 'database', error }),
  );
}
