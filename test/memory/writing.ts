import { GIVE_WAY_MS } from '../../src/lib/give-way.ts';
import type { ContextMessage } from '../../src/memory/context.ts';
import { openContextWriter } from '../../src/memory/context-writer.ts';
import type { ContextWriter } from '../../src/memory/context-writer.ts';
import { TroupeError } from '../../src/errors.ts';
import type { ContextSave, StoredContext } from '../../src/ports/memory-store.ts';
import type { Observation } from '../../src/ports/observe.ts';
import { takeLease } from '../support/fake-bot-lease.ts';
import type { FakeBotLease } from '../support/fake-bot-lease.ts';
import { makeFakeLeaseTable } from '../support/fake-lease-table.ts';
import type { FakeLeaseTable } from '../support/fake-lease-table.ts';
import { makeFakeMemoryStore } from '../support/fake-memory-store.ts';
import type { FakeMemoryStore } from '../support/fake-memory-store.ts';
import { openHandClock } from '../support/hand-clock.ts';
import type { HandClock } from '../support/hand-clock.ts';

/** A context writer with everything around it in hand. */
export interface Writing {
  readonly writer: ContextWriter;
  readonly clock: HandClock;
  readonly store: FakeMemoryStore;
  readonly leases: FakeLeaseTable;
  readonly lease: FakeBotLease;
  /** Every save that was tried, oldest first. */
  readonly saves: readonly ContextSave[];
  readonly observed: readonly Observation[];
  /** The next save is written, but its answer is lost on the way back. */
  readonly loseAnswer: () => void;
  /** Lets a save have its moment, and what hangs on it. */
  readonly settle: () => Promise<void>;
  /** The texts of the context as stored. */
  readonly stored: () => Promise<readonly string[]>;
}

export const ROOM = 'room';

/** Opens a writer that goes on with `messages`. */
export async function openWriting(messages?: readonly ContextMessage[]): Promise<Writing> {
  const clock = openHandClock();
  const leases = makeFakeLeaseTable(() => clock.wallMs());
  const store = makeFakeMemoryStore(leases);
  const lease = await takeLease(leases, ROOM);
  const saves: ContextSave[] = [];
  const observed: Observation[] = [];
  let answerLost = false;
  const memory = {
    async save(save: ContextSave, signal?: AbortSignal) {
      saves.push(save);
      const answer = await store.save(save, signal);
      if (!answerLost) return answer;
      answerLost = false;
      throw away();
    },
  };
  const found: StoredContext | undefined = messages && { version: 7, messages };
  const observe = (one: Observation): void => void observed.push(one);
  const writer = openContextWriter({ memory, clock, observe, random: () => 0 }, lease, found);
  return {
    writer,
    clock,
    store,
    leases,
    lease,
    saves,
    observed,
    loseAnswer: () => void (answerLost = true),
    settle: () => clock.live(GIVE_WAY_MS),
    stored: async () => (await store.load(ROOM))?.messages.map(({ text }) => text) ?? [],
  };
}

/** The database does not answer. */
export function away(): TroupeError {
  return new TroupeError('the database is away', {
    kind: 'unavailable',
    fault: 'fleet',
    service: 'database',
  });
}
