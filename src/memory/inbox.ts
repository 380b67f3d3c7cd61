import { backoffMs } from '../lib/retry.ts';
import type { Clock } from '../lib/clock.ts';
import { DeadlineExceeded, withDeadline } from '../lib/deadline.ts';
import type { InboxRow, MemoryStore } from '../ports/memory-store.ts';
import type { Observe } from '../ports/observe.ts';
import type { ContextMessage } from './context.ts';

export interface InboxDeps {
  readonly memory: Pick<MemoryStore, 'leaveInInbox' | 'readInbox'>;
  readonly clock: Clock;
  readonly observe: Observe;
  readonly random: () => number;
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
/** After a look that failed. */
const LOOK_AGAIN_MS = 250;
/** What a look may take: the least that a reader without patience gives it, and no sign of trouble. */
const LOOK_LIMIT_MS = 500;
/** For all of what is left behind. */
const INBOX_LIMIT_MS = 3_000;
/** How long one try may take: a request that got lost is not waited for to the end. */
const TRY_LIMIT_MS = 1_500;
const BACKOFF = { firstMs: 100, maxMs: 1_000 };

/**
 * Leaves what a bot that lost its lease could not save, then a closing row, within 3 s. Never throws;
 * what could not be left is told as `inbox-failed`.
 */
export async function leaveInInbox(
  deps: InboxDeps,
  owner: InboxOwner,
  unsaved: readonly ContextMessage[],
): Promise<void> {
  const { clock, memory } = deps;
  const entries = [
    ...unsaved.map((message) => ({ kind: 'message', message }) as const),
    { kind: 'closing' } as const,
  ];
  const leave = (signal: AbortSignal) => memory.leaveInInbox(owner, entries, signal);
  let failure: unknown;
  const tryOn = async (signal: AbortSignal): Promise<void> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await withDeadline(clock, TRY_LIMIT_MS, leave, signal);
      } catch (error) {
        failure = error;
      }
      await clock.delay(backoffMs(BACKOFF, attempt, deps.random()), signal);
    }
  };
  await withDeadline(clock, INBOX_LIMIT_MS, tryOn).catch((error: unknown) =>
    deps.observe({ type: 'inbox-failed', ...owner, error: failure ?? error }),
  );
}

/**
 * Reads what the former bot left, as soon as its closing row says that nothing more comes; after
 * `patienceMs` without one whatever is there. A bot that crashed leaves nothing. Never throws.
 */
export async function readInbox(
  deps: InboxDeps,
  owner: InboxOwner,
  patienceMs: number,
  signal: AbortSignal,
): Promise<Inheritance> {
  const { clock } = deps;
  const giveUpAt = clock.monotonicMs() + patienceMs;
  const leftMs = (): number => giveUpAt - clock.monotonicMs();
  let rows: readonly InboxRow[] = [];
  for (let limitMs = Math.max(LOOK_LIMIT_MS, patienceMs); !signal.aborted; limitMs = leftMs()) {
    const found = await look(deps, owner, limitMs, signal);
    rows = found ?? rows;
    const pauseMs = found === undefined ? LOOK_AGAIN_MS : LOOK_EVERY_MS;
    // Another look is begun only if it gets as long as the pause before it.
    if (rows.some((row) => closes(row, owner)) || leftMs() < 2 * pauseMs) break;
    await clock.delay(pauseMs, signal).catch(() => undefined);
  }
  return {
    messages: rows.flatMap((row) => (row.kind === 'message' ? [row.message] : [])),
    through: rows.at(-1)?.id,
  };
}

async function look(
  { clock, memory, observe }: InboxDeps,
  owner: InboxOwner,
  limitMs: number,
  signal: AbortSignal,
): Promise<readonly InboxRow[] | undefined> {
  const read = (limited: AbortSignal) => memory.readInbox(owner.session, limited);
  try {
    return await withDeadline(clock, limitMs, read, signal);
  } catch (error) {
    // The last looks have what is left of the patience: that it ran out says nothing of the database.
    const isCutShort = limitMs < LOOK_LIMIT_MS && error instanceof DeadlineExceeded;
    if (!signal.aborted && !isCutShort) observe({ type: 'inbox-failed', ...owner, error });
    return undefined;
  }
}

/** An older bot's closing row may have come too late for its own successor: it says nothing now. */
function closes(row: InboxRow, { epoch }: InboxOwner): boolean {
  // An acquisition whose answer was lost counts an epoch too, hence the one in between.
  return row.kind === 'closing' && row.epoch < epoch && row.epoch >= epoch - 2;
}
