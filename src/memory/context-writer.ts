import type { Clock } from '../lib/clock.ts';
import { withDeadline } from '../lib/deadline.ts';
import { GIVE_WAY_MS } from '../lib/give-way.ts';
import { backoffMs } from '../lib/retry.ts';
import { openScope } from '../lib/scope.ts';
import type { BotLease } from '../ports/bot.ts';
import type { MemoryStore, StoredContext, TurnRecord } from '../ports/memory-store.ts';
import type { Observe } from '../ports/observe.ts';
import type { ContextMessage, SummaryMessage } from './context.ts';
import type { Inheritance } from './inbox.ts';
import {
  acknowledge,
  append,
  contentOf,
  inherit,
  isSaved,
  openLedger,
  record,
  summarize,
} from './ledger.ts';
import type { Ledger } from './ledger.ts';

export interface ContextWriterDeps {
  readonly memory: Pick<MemoryStore, 'save'>;
  readonly clock: Clock;
  readonly observe: Observe;
  readonly random: () => number;
}

/**
 * The memory of one talk and its only writer. Changes are there at once and saved behind the talk's
 * back: whole, in order, under the lease's epoch; what changes during a save goes with the next one.
 */
export interface ContextWriter extends AsyncDisposable {
  /** Newest last. */
  messages(): readonly ContextMessage[];
  append(message: ContextMessage): void;
  /**
   * Takes in what former bots left in the inbox, before all that this one added; those rows go with
   * the save. Unless the talk `goesOn`, none of what was said before is owed an answer any more.
   */
  inherit(left: Inheritance, goesOn: boolean): void;
  /** Puts a summary in the place of the oldest `count` messages. */
  summarize(count: number, summary: SummaryMessage): void;
  /** Keeps the books of a reply with the next save. */
  record(turn: TurnRecord): void;
  /**
   * Resolves when all that is there now is saved.
   * @throws DeadlineExceeded after 10 s, or the reason of `signal`, or of the writer's end: it was
   * closed, or the lease is lost.
   */
  saved(signal?: AbortSignal): Promise<void>;
  /** Messages that no save has acknowledged, oldest first. */
  unsaved(): readonly ContextMessage[];
}

const RETRY = { firstMs: 250, maxMs: 15_000 };
/** How often a lease that may not write just now is asked again, in ms. */
const PERMIT_LOOK_MS = 250;
/** How long closing waits for the last save. */
const FLUSH_LIMIT_MS = 3_000;
/** How long somebody may wait for a save. */
const SAVED_LIMIT_MS = 10_000;

/** Goes on with `stored`. Disposing saves what is unsaved, for 3 s at most, and ends the writing. */
export function openContextWriter(
  deps: ContextWriterDeps,
  lease: BotLease,
  stored: StoredContext | undefined,
): ContextWriter {
  const { clock, observe } = deps;
  const { room, session } = lease;
  const scope = openScope(lease.lost);
  let ledger = openLedger(stored);
  let changedAt = 0;
  let change = Promise.withResolvers<void>();
  let pauseOver = Promise.withResolvers<void>();
  let acknowledged = Promise.withResolvers<void>();

  function become(next: Ledger): void {
    const isFirst = isSaved(ledger) && !isSaved(next);
    ledger = next;
    if (!isFirst) return;
    changedAt = clock.monotonicMs();
    pauseOver = Promise.withResolvers();
    change.resolve();
  }

  async function write(): Promise<void> {
    let failures = 0;
    while (!scope.signal.aborted) {
      if (isSaved(ledger)) await nextChange();
      else if (!lease.mayPublish()) await pause(PERMIT_LOOK_MS);
      else if (await save()) failures = 0;
      else await pause(backoffMs(RETRY, (failures += 1), deps.random()));
    }
  }

  async function nextChange(): Promise<void> {
    change = Promise.withResolvers();
    await change.promise;
    using _timer = clock.after(GIVE_WAY_MS, pauseOver.resolve);
    await pauseOver.promise;
  }

  /** Ends early where somebody waits for the save. */
  async function pause(delayMs: number): Promise<void> {
    if (scope.signal.aborted) return;
    pauseOver = Promise.withResolvers();
    using _timer = clock.after(delayMs, pauseOver.resolve);
    await pauseOver.promise;
  }

  /** False if it has to be tried again later. */
  async function save(): Promise<boolean> {
    const epoch = lease.epoch();
    const sent = ledger;
    try {
      const content = { room, session, epoch, ...contentOf(sent) };
      const written = await deps.memory.save(content, scope.signal);
      if (written === 'written') saveAcknowledged(sent);
      else lease.refused(epoch);
      // The worker may have adopted a newer epoch meanwhile: then this is no loss, and is sent anew.
      return written === 'written' || lease.epoch() !== epoch;
    } catch (error) {
      if (scope.signal.aborted) return false;
      observe({ type: 'context-save-failed', room, session, epoch, error });
      return false;
    }
  }

  function saveAcknowledged(sent: Ledger): void {
    ledger = acknowledge(ledger, sent);
    const now = clock.monotonicMs();
    const lagMs = Math.round(now - changedAt);
    observe({ type: 'context-saved', room, session, version: sent.version, lagMs });
    changedAt = now;
    acknowledged.resolve();
    acknowledged = Promise.withResolvers();
  }

  async function saved(): Promise<void> {
    const wanted = ledger.version;
    pauseOver.resolve();
    while (ledger.savedVersion < wanted) {
      scope.signal.throwIfAborted();
      await acknowledged.promise;
    }
  }

  scope.signal.addEventListener('abort', () => {
    for (const waited of [change, pauseOver, acknowledged]) waited.resolve();
  });
  void write();

  return {
    messages: () => ledger.messages,
    unsaved: () => ledger.unsaved,
    append: (message) => become(append(ledger, message)),
    inherit: (left, goesOn) => become(inherit(ledger, left, goesOn)),
    summarize: (count, summary) => become(summarize(ledger, count, summary)),
    record: (turn) => become(record(ledger, turn)),
    saved: (signal) => withDeadline(clock, SAVED_LIMIT_MS, saved, signal),
    async [Symbol.asyncDispose]() {
      const flushed = withDeadline(clock, FLUSH_LIMIT_MS, saved, scope.signal);
      await flushed.catch(() => undefined);
      scope[Symbol.dispose]();
    },
  };
}
