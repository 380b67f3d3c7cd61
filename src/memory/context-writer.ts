import type { Clock } from '../lib/clock.ts';
import { withDeadline } from '../lib/deadline.ts';
import { backoffMs } from '../lib/retry.ts';
import { openScope } from '../lib/scope.ts';
import type { MemoryStore, StoredContext, TurnRecord } from '../ports/memory-store.ts';
import type { Observe } from '../ports/observe.ts';
import type { BotLease } from '../worker/bot.ts';
import type { ContextMessage, SummaryMessage } from './context.ts';
import { lackedBy, owingNothing, unansweredOf } from './context.ts';
import type { Inheritance } from './inbox.ts';

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
  /** Where the messages begin that this bot added. */
  let ownFrom = messages.length;
  let unsaved: readonly ContextMessage[] = [];
  let turns: readonly TurnRecord[] = [];
  let inboxThrough: number | undefined;
  let version = stored?.version ?? 0;
  let savedVersion = version;
  let changedAt = 0;
  let change = Promise.withResolvers<void>();
  let pauseOver = Promise.withResolvers<void>();
  let acknowledged = Promise.withResolvers<void>();

  function changed(): void {
    if (savedVersion === version) changedAt = clock.monotonicMs();
    version += 1;
    change.resolve();
  }

  async function write(): Promise<void> {
    let failures = 0;
    while (!scope.signal.aborted) {
      if (savedVersion === version) await nextChange();
      else if (!lease.mayPublish()) await pause(PERMIT_LOOK_MS);
      else if (await save()) failures = 0;
      else await pause(backoffMs(RETRY, (failures += 1), deps.random()));
    }
  }

  async function nextChange(): Promise<void> {
    change = Promise.withResolvers();
    await change.promise;
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
    const sent = { version, unsaved, turns, inboxThrough };
    const through = inboxThrough !== undefined && { inboxThrough };
    try {
      const written = await deps.memory.save(
        { room, session, epoch, version, messages, turns, ...through },
        scope.signal,
      );
      if (written === 'written') acknowledge(sent);
      else lease.refused(epoch);
      // The worker may have adopted a newer epoch meanwhile: then this is no loss, and is sent anew.
      return written === 'written' || lease.epoch() !== epoch;
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
    if (inboxThrough === sent.inboxThrough) inboxThrough = undefined;
    const now = clock.monotonicMs();
    const lagMs = Math.round(now - changedAt);
    observe({ type: 'context-saved', room, session, version: sent.version, lagMs });
    changedAt = now;
    acknowledged.resolve();
    acknowledged = Promise.withResolvers();
  }

  async function saved(): Promise<void> {
    const wanted = version;
    const isSaved = (): boolean => savedVersion >= wanted;
    pauseOver.resolve();
    while (!isSaved()) {
      scope.signal.throwIfAborted();
      await acknowledged.promise;
    }
  }

  scope.signal.addEventListener('abort', () => {
    for (const waited of [change, pauseOver, acknowledged]) waited.resolve();
  });
  void write();

  return {
    messages: () => messages,
    unsaved: () => unsaved,
    append(message) {
      unsaved = [...unsaved, message].slice(-MAX_UNSAVED);
      messages = [...messages, message];
      changed();
    },
    inherit({ messages: left, through }, goesOn) {
      const [former, own] = [messages.slice(0, ownFrom), messages.slice(ownFrom)];
      const whole = [...former, ...lackedBy(messages, left)];
      const forgives = !goesOn && unansweredOf(whole).length > 0;
      if (through === undefined && !forgives) return;
      inboxThrough = through;
      ownFrom = whole.length;
      messages = [...(forgives ? owingNothing(whole) : whole), ...own];
      changed();
    },
    summarize(count, summary) {
      messages = [summary, ...messages.slice(count)];
      ownFrom = Math.max(1, ownFrom - count + 1);
      changed();
    },
    record(turn) {
      turns = [...turns, turn].slice(-MAX_TURNS);
      changed();
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
  readonly inboxThrough: number | undefined;
}

function without<T>(all: readonly T[], gone: readonly T[]): readonly T[] {
  const those = new Set(gone);
  return all.filter((one) => !those.has(one));
}
