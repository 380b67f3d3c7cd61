import type { Clock } from '../lib/clock.ts';
import { withDeadline } from '../lib/deadline.ts';
import type { InboxRow, MemoryStore } from '../ports/memory-store.ts';
import type { Observe } from '../ports/observe.ts';
import type { ContextMessage } from './context.ts';

export interface InboxDeps {
  readonly memory: Pick<MemoryStore, 'leaveInInbox' | 'readInbox'>;
  readonly clock: Clock;
  readonly observe: Observe;
}

/** Whose inbox, and under which epoch it is read or written. */
export interface InboxOwner {
  readonly room: string;
  readonly session: string;
  readonly epoch: number;
}

/** What a former bot left. */
export interface Inheritance {
  readonly messages: readonly ContextMessage[];
  /** The last row of it: with the next save it goes. `undefined` where there is nothing. */
  readonly through: number | undefined;
}

const LOOK_EVERY_MS = 50;
/** The least that one look may take. */
const LOOK_LIMIT_MS = 500;
const LEAVE_LIMIT_MS = 3_000;
const LEAVE_TRIES = 2;

/**
 * Leaves what a bot that lost its lease could not save, then a closing row. Never throws; what could
 * not be left is told as `inbox-failed`.
 */
export async function leaveInInbox(
  deps: InboxDeps,
  owner: InboxOwner,
  unsaved: readonly ContextMessage[],
): Promise<void> {
  const entries = [
    ...unsaved.map((message) => ({ kind: 'message', message }) as const),
    { kind: 'closing' } as const,
  ];
  const leave = (signal: AbortSignal): Promise<void> =>
    deps.memory.leaveInInbox(owner, entries, signal);
  for (let attempt = 1; attempt <= LEAVE_TRIES; attempt += 1) {
    try {
      return await withDeadline(deps.clock, LEAVE_LIMIT_MS / LEAVE_TRIES, leave);
    } catch (error) {
      deps.observe({ type: 'inbox-failed', ...owner, error });
    }
  }
}

/**
 * Reads what the former bot left, as soon as its closing row says that nothing more comes; after
 * `patienceMs` without one whatever is there. A bot that crashed leaves nothing.
 */
export async function readInbox(
  deps: InboxDeps,
  owner: InboxOwner,
  patienceMs: number,
  signal: AbortSignal,
): Promise<Inheritance> {
  const { clock, memory, observe } = deps;
  const giveUpAt = clock.monotonicMs() + patienceMs;
  let rows: readonly InboxRow[] = [];
  while (!signal.aborted) {
    const leftMs = Math.max(LOOK_LIMIT_MS, giveUpAt - clock.monotonicMs());
    try {
      rows = await withDeadline(
        clock,
        leftMs,
        (limited) => memory.readInbox(owner.session, limited),
        signal,
      );
      if (rows.some((row) => closes(row, owner))) break;
    } catch (error) {
      if (!signal.aborted) observe({ type: 'inbox-failed', ...owner, error });
    }
    if (clock.monotonicMs() + LOOK_EVERY_MS >= giveUpAt) break;
    await clock.delay(LOOK_EVERY_MS, signal).catch(() => undefined);
  }
  return {
    messages: rows.flatMap((row) => (row.kind === 'message' ? [row.message] : [])),
    through: rows.at(-1)?.id,
  };
}

/** An older bot's closing row may have come too late for its own successor: it says nothing now. */
function closes(row: InboxRow, { epoch }: InboxOwner): boolean {
  // An acquisition whose answer was lost counts an epoch too, hence the one in between.
  return row.kind === 'closing' && row.epoch < epoch && row.epoch >= epoch - 2;
}
