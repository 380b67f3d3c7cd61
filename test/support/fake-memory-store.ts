import type { TroupeError } from '../../src/errors.ts';
import type { ContextMessage } from '../../src/memory/context.ts';
import type { InboxRow, MemoryStore, TurnRecord } from '../../src/ports/memory-store.ts';
import type { FakeLeaseTable } from './fake-lease-table.ts';

/** Contexts, turns and inboxes in memory; it passes the contract suite that the real one passes. */
export interface FakeMemoryStore extends MemoryStore {
  /** The turns of a session, in the order in which they came. */
  turns(session: string): readonly TurnRecord[];
  /** How often anything was asked or written, failed calls included. */
  calls(): number;
  /** From now on every call fails with this, or no longer. */
  failWith(error: TroupeError | undefined): void;
  /** Makes calls wait, as a database does that has stopped answering, until released. */
  hold(): Disposable;
}

interface Stored {
  readonly lease: string;
  readonly version: number;
  readonly messages: readonly ContextMessage[];
}

/** Makes an empty store, fenced by `leases`. */
export function makeFakeMemoryStore(leases: Pick<FakeLeaseTable, 'row'>): FakeMemoryStore {
  const contexts = new Map<string, Stored>();
  const turns = new Map<string, Map<string, TurnRecord>>();
  const inboxes = new Map<string, Map<string, InboxRow>>();
  let failure: TroupeError | undefined;
  let gate = Promise.resolve();
  let called = 0;
  let lastId = 0;

  const call = async <T>(work: () => T, signal: AbortSignal | undefined): Promise<T> => {
    called += 1;
    await Promise.race([gate, aborted(signal)]);
    signal?.throwIfAborted();
    if (failure !== undefined) throw failure;
    return work();
  };

  return {
    turns: (session) => [...(turns.get(session)?.values() ?? [])],
    calls: () => called,
    failWith: (error) => void (failure = error),
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>();
      gate = promise;
      return { [Symbol.dispose]: resolve };
    },
    load: (session, signal) =>
      call(() => {
        const stored = contexts.get(session);
        return stored && asStored({ version: stored.version, messages: stored.messages });
      }, signal),
    save: (save, signal) =>
      call(() => {
        const row = leases.row(save.room);
        if (row?.epoch !== save.epoch || row.session !== save.session) return 'lost';
        const lease = `${save.room} ${save.epoch}`;
        const stored = contexts.get(save.session);
        if (stored?.lease !== lease || stored.version < save.version) {
          const messages = asStored(save.messages);
          contexts.set(save.session, { lease, version: save.version, messages });
        }
        keepNew(within(turns, save.session), asStored(save.turns));
        dropThrough(within(inboxes, save.session), save.inboxThrough ?? 0);
        return 'written';
      }, signal),
    leaveInInbox: ({ room, session, epoch }, entries, signal) =>
      call(() => {
        const inbox = within(inboxes, session);
        for (const entry of asStored(entries)) {
          const key = entry.kind === 'message' ? entry.message.id : `${room}:${epoch}`;
          if (inbox.has(`${entry.kind} ${key}`)) continue;
          lastId += 1;
          inbox.set(`${entry.kind} ${key}`, { ...entry, id: lastId, epoch });
        }
      }, signal),
    readInbox: (session, signal) =>
      call(() => asStored([...within(inboxes, session).values()]), signal),
  };
}

function keepNew(known: Map<string, TurnRecord>, turns: readonly TurnRecord[]): void {
  for (const turn of turns) if (!known.has(turn.id)) known.set(turn.id, turn);
}

function dropThrough(inbox: Map<string, InboxRow>, through: number): void {
  for (const [key, { id }] of inbox) if (id <= through) inbox.delete(key);
}

function within<T>(all: Map<string, Map<string, T>>, session: string): Map<string, T> {
  const one = all.get(session) ?? new Map<string, T>();
  all.set(session, one);
  return one;
}

function aborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => signal?.addEventListener('abort', () => resolve()));
}

/** A copy as jsonb keeps it: without NUL, and without halves of characters. */
function asStored<T>(value: T): T {
  const clean = (_key: string, inner: unknown): unknown =>
    typeof inner === 'string' ? inner.replaceAll('\0', '').toWellFormed() : inner;
  return JSON.parse(JSON.stringify(value, clean)) as T;
}
