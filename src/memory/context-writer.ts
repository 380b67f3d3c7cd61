import type { Clock } from '../lib/clock.ts';
import { withDeadline } from '../lib/deadline.ts';
import { backoffMs } from '../lib/retry.ts';
import { openScope } from '../lib/scope.ts';
import type { MemoryStore, StoredContext, TurnRecord } from '../ports/memory-store.ts';
import type { Observe } from '../ports/observe.ts';
import type { BotLease } from '../worker/bot.ts';
import type { ContextMessage, SummaryMessage } from './context.ts';
import { withNew } from './context.ts';

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
  /** Takes in what a former bot left; those inbox rows go with the save. */
  inherit(messages: readonly ContextMessage[], inboxThrough: number): void;
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
/** What a long outage of the database may pile up; beyond it the oldest go. */
const MAX_UNSAVED = 500;
const MAX_TURNS = 500;

/** Goes on with `stored`. Disposing saves what is unsaved, for 3 s at most, and ends the writing. */
export function openContextWriter(
  deps: ContextWriterDeps,
  lease: BotLease,
  stored: StoredContext | undefined,
): ContextWriter {
  const { clock, observe } = deps;
  const { room, session } = lease;
  const scope = openScope(lease.lost);
  let messages = stored?.messages ?? [];
  let unsaved: readonly ContextMessage[] = [];
  let turns: readonly TurnRecord[] = [];
  let inboxThrough: number | undefined;
  let version = stored?.version ?? 0;
  let savedVersion = version;
  let changedAt = 0;
  let change = Promise.withResolvers<void>();
  let saving = Promise.withResolvers<void>();

  function changed(next: readonly ContextMessage[]): void {
    if (savedVersion === version) changedAt = clock.monotonicMs();
    messages = next;
    version += 1;
    change.resolve();
  }

  async function write(): Promise<void> {
    let failures = 0;
    while (!scope.signal.aborted) {
      if (savedVersion === version && turns.length === 0) await changes();
      else if (!lease.mayPublish()) await pause(PERMIT_LOOK_MS);
      else if (await save()) failures = 0;
      else await pause(backoffMs(RETRY, (failures += 1), deps.random()));
    }
  }

  async function changes(): Promise<void> {
    change = Promise.withResolvers();
    await change.promise;
  }

  /** False if it has to be tried again later. */
  async function save(): Promise<boolean> {
    const epoch = lease.epoch();
    const sent = { version, unsaved, turns };
    try {
      const written = await deps.memory.save(
        { room, session, epoch, version, messages, turns, ...(inboxThrough && { inboxThrough }) },
        scope.signal,
      );
      // The worker may have adopted a newer epoch meanwhile: then this is no loss, and is sent anew.
      if (written === 'lost') lease.refused(epoch);
      else acknowledge(sent);
      return true;
    } catch (error) {
      if (scope.signal.aborted) return false;
      observe({ type: 'context-save-failed', room, session, epoch, error });
      return false;
    }
  }

  function acknowledge(sent: Sent): void {
    savedVersion = sent.version;
    unsaved = without(unsaved, sent.unsaved);
    turns = without(turns, sent.turns);
    const lagMs = Math.round(clock.monotonicMs() - changedAt);
    observe({ type: 'context-saved', room, session, version: sent.version, lagMs });
    changedAt = clock.monotonicMs();
    saving.resolve();
    saving = Promise.withResolvers();
  }

  async function pause(delayMs: number): Promise<void> {
    await clock.delay(delayMs, scope.signal).catch(() => undefined);
  }

  async function saved(): Promise<void> {
    const wanted = version;
    const isSaved = (): boolean => savedVersion >= wanted;
    while (!isSaved()) {
      scope.signal.throwIfAborted();
      await saving.promise;
    }
  }

  scope.signal.addEventListener('abort', () => {
    change.resolve();
    saving.resolve();
  });
  void write();

  return {
    messages: () => messages,
    unsaved: () => unsaved,
    append(message) {
      unsaved = [...unsaved, message].slice(-MAX_UNSAVED);
      changed([...messages, message]);
    },
    inherit(more, through) {
      inboxThrough = through;
      changed(withNew(messages, more));
    },
    summarize(count, summary) {
      changed([summary, ...messages.slice(count)]);
    },
    record(turn) {
      turns = [...turns, turn].slice(-MAX_TURNS);
      change.resolve();
    },
    saved: (signal) => withDeadline(clock, SAVED_LIMIT_MS, saved, signal),
    async [Symbol.asyncDispose]() {
      const flushed = withDeadline(clock, FLUSH_LIMIT_MS, saved, scope.signal);
      await flushed.catch(() => undefined);
      scope[Symbol.dispose]();
    },
  };
}

/** What went with one save. */
interface Sent {
  readonly version: number;
  readonly unsaved: readonly ContextMessage[];
  readonly turns: readonly TurnRecord[];
}

function without<T>(all: readonly T[], gone: readonly T[]): readonly T[] {
  const those = new Set(gone);
  return all.filter((one) => !those.has(one));
}
