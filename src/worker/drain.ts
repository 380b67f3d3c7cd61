import { unlessAborted } from '../lib/abort.ts';
import { withDeadline } from '../lib/deadline.ts';
import { backoffMs } from '../lib/retry.ts';
import { openScope, ScopeEnded } from '../lib/scope.ts';
import { handOver } from './handover.ts';
import { BOT_END_LIMIT_MS } from './run-bot.ts';
import { handBack } from './settlement.ts';
import type { HandBackDeps } from './settlement.ts';
import type { Occupant, Slots } from './slots.ts';

export interface DrainDeps extends HandBackDeps {
  readonly slots: Slots;
  readonly random: () => number;
}

/** Over how long the handovers of a worker are spread, in ms: a deploy moves many rooms at once. */
const SPREAD_MS = 500;
const AGAIN = { firstMs: 500, maxMs: 5_000 };
/** How long bots get to leave when somebody waits who has asked twice. */
const FORCED_LIMIT_MS = 1_000;

/**
 * Empties the worker: every room is handed to a successor and served until that one comes. After
 * `timeoutMs`, or when `forced` aborts, bots leave as they are, and messages that are still ours are
 * handed back; the rows stay live, so the next worker goes on with the talk. Never rejects.
 */
export async function drain(
  deps: DrainDeps,
  timeoutMs: number,
  forced: AbortSignal,
): Promise<void> {
  const { clock, observe, slots } = deps;
  observe({ type: 'drain-started', running: slots.occupants().size });
  using time = openScope(forced);
  using _timer = clock.after(timeoutMs, () => time.end(new ScopeEnded('the drain is over')));
  for (const occupant of slots.occupants().values())
    void keepHandingOver(deps, occupant, time.signal);
  await unlessAborted(slots.empty(), time.signal).catch(() => undefined);

  for (const { bot } of slots.occupants().values()) bot.leave('drain');
  const limitMs = forced.aborted ? FORCED_LIMIT_MS : BOT_END_LIMIT_MS;
  await withDeadline(clock, limitMs, () => slots.empty()).catch(() => undefined);
  const left = [...slots.occupants().values()];
  observe({ type: 'drain-ended', running: left.length, forced: forced.aborted });
  await Promise.all(left.map((occupant) => abandon(deps, occupant)));
}

/** Until it is done: a talk that cannot be handed over yet goes on here. */
async function keepHandingOver(
  deps: DrainDeps,
  occupant: Occupant,
  signal: AbortSignal,
): Promise<void> {
  const { room, session } = occupant.bot;
  const isGone = (): boolean => deps.slots.occupants().get(room) !== occupant;
  let pauseMs = SPREAD_MS * deps.random();
  for (let attempt = 1; ; attempt += 1) {
    await deps.clock.delay(pauseMs, signal).catch(() => undefined);
    if (signal.aborted || isGone()) return;
    try {
      return await handOver(deps, occupant, signal);
    } catch (error) {
      if (signal.aborted || isGone()) return;
      deps.observe({ type: 'handover-failed', room, session, error });
      pauseMs = backoffMs(AGAIN, attempt, deps.random());
    }
  }
}

/** A bot that did not leave: it is silenced, and its message handed back. */
async function abandon(deps: DrainDeps, { lease }: Occupant): Promise<void> {
  await handBack(deps, lease);
  lease.lose('the worker ends');
}
