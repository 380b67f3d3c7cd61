import type { Clock, Timer } from '../lib/clock.ts';
import { withDeadline } from '../lib/deadline.ts';
import type { Observe } from '../ports/observe.ts';
import type { UsageRecord, UsageStore } from '../ports/usage-store.ts';
import { saveApart } from './save-apart.ts';

export interface UsageBookDeps {
  readonly clock: Clock;
  readonly observe: Observe;
  readonly store: Pick<UsageStore, 'record'>;
  readonly newId: () => string;
}

/** Keeps what calls of providers took until it is in the database; disposal writes what is left. */
export interface UsageBook extends AsyncDisposable {
  /** Takes what is observed; all but usage is passed over. Never throws, never waits. */
  readonly take: Observe;
}

/** How long a record waits for others to be written with it. */
const GATHER_MS = 5_000;
/** Most records of one write; where as many are left, the next one follows at once. */
const BATCH = 500;
/** While the database is away so many are kept; then the oldest go, and that is told. */
const MOST_KEPT = 20_000;
const CLOSE_LIMIT_MS = 3_000;

/** Opens the book of a process. */
export function openUsageBook(deps: UsageBookDeps): UsageBook {
  const { clock, observe, store, newId } = deps;
  let kept: UsageRecord[] = [];
  let timer: Timer | undefined;
  let writing: Promise<boolean> | undefined;
  let closed = false;

  const plan = (): void => {
    timer ??= clock.after(GATHER_MS, () => {
      timer = undefined;
      void write();
    });
  };

  /** Writes a batch, one write at a time; whether there is a way on. */
  function write(): Promise<boolean> {
    writing ??= writeBatch().then((through) => {
      writing = undefined;
      if (through && kept.length >= BATCH) void write();
      else if (kept.length > 0) plan();
      return through;
    });
    return writing;
  }

  async function writeBatch(): Promise<boolean> {
    const batch = kept.slice(0, BATCH);
    if (batch.length === 0) return true;
    let lost = 0;
    let refusal: unknown;
    const deps = {
      save: store.record,
      saved: forget,
      refused(records: readonly UsageRecord[], error: unknown): void {
        lost += forget(records);
        refusal = error;
      },
      isOver: () => closed,
    };
    try {
      await saveApart(deps, batch);
      return true;
    } catch (error) {
      tellFailure(error);
      return false;
    } finally {
      if (refusal !== undefined) tellFailure(refusal);
      if (lost > 0) observe({ type: 'usage-lost', count: lost });
    }
  }

  function tellFailure(error: unknown): void {
    observe({ type: 'usage-save-failed', kept: kept.length, error });
  }

  /** Keeps these no longer; gives how many of them were still kept. */
  function forget(records: readonly UsageRecord[]): number {
    const before = kept.length;
    const gone = new Set(records);
    kept = kept.filter((record) => !gone.has(record));
    return before - kept.length;
  }

  function forgetOldest(): void {
    if (kept.length <= MOST_KEPT) return;
    const count = forget(kept.slice(0, kept.length - MOST_KEPT + BATCH));
    observe({ type: 'usage-lost', count });
  }

  return {
    take(observation) {
      if (observation.type !== 'usage') return;
      const { type: _type, epoch: _epoch, ...usage } = observation;
      if (closed) return observe({ type: 'usage-lost', count: 1 });
      kept.push({ id: newId(), ...usage });
      forgetOldest();
      plan();
    },
    async [Symbol.asyncDispose]() {
      const writeAll = async (): Promise<void> => {
        await writing;
        while (kept.length > 0 && (await write()));
      };
      await withDeadline(clock, CLOSE_LIMIT_MS, writeAll).catch(() => undefined);
      timer?.[Symbol.dispose]();
      timer = undefined;
      closed = true;
      const count = forget(kept);
      if (count > 0) observe({ type: 'usage-lost', count });
    },
  };
}
