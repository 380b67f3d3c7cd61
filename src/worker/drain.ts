import type { Clock } from '../lib/clock.ts';
import type { Observe } from '../ports/observe.ts';
import { handOver } from './handover.ts';
import type { HandoverDeps } from './handover.ts';
import type { Occupant, Slots } from './slots.ts';

export interface DrainDeps extends HandoverDeps {
  readonly slots: Slots;
  readonly clock: Clock;
  readonly observe: Observe;
  readonly random: () => number;
}

export interface DrainSettings {
  /** How long rooms may be handed over or finish, in ms. */
  readonly timeoutMs: number;
  /** Over how long the handovers of a worker are spread, in ms: a deploy moves many rooms at once. */
  readonly spreadMs: number;
}

/** Longest time that bots get to leave once they were told to. */
const LEAVE_LIMIT_MS = 6_000;

/**
 * Empties the worker: every room is handed to a successor and served until that one comes. At the
 * deadline, or when `forced` aborts, bots leave as they are; their rows stay live, so the next worker
 * goes on with the talk.
 */
export async function drain(
  deps: DrainDeps,
  settings: DrainSettings,
  forced: AbortSignal,
): Promise<void> {
  const running = [...deps.slots.occupants().values()];
  deps.observe({ type: 'drain-started', running: running.length });
  const deadline = deps.clock.delay(settings.timeoutMs, forced).catch(() => undefined);
  for (const occupant of running) void handOnLater(deps, occupant, settings.spreadMs, forced);
  await Promise.race([deps.slots.empty(), deadline]);
  for (const { bot } of deps.slots.occupants().values()) bot.leave('drain');
  await Promise.race([deps.slots.empty(), deps.clock.delay(LEAVE_LIMIT_MS)]);
  deps.observe({
    type: 'drain-ended',
    running: deps.slots.occupants().size,
    forced: forced.aborted,
  });
}

async function handOnLater(
  deps: DrainDeps,
  occupant: Occupant,
  spreadMs: number,
  forced: AbortSignal,
): Promise<void> {
  const { room, session } = occupant.bot;
  try {
    await deps.clock.delay(spreadMs * deps.random(), forced);
    await handOver(deps, occupant, forced);
  } catch (error) {
    // The talk goes on here until the deadline; then its message is handed back as it is.
    if (!forced.aborted) deps.observe({ type: 'handover-failed', room, session, error });
  }
}
