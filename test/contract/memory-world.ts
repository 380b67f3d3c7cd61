import type { AssistantMessage, UserMessage } from '../../src/memory/context.ts';
import type { LeaseTable } from '../../src/ports/lease-table.ts';
import type { ContextSave, MemoryStore, TurnRecord } from '../../src/ports/memory-store.ts';
import { makeTestRoom } from './lease-world.ts';

/** A memory store, the leases that fence it, and a look at what has no reader in the product. */
export interface MemoryWorld {
  readonly leases: LeaseTable;
  readonly store: MemoryStore;
  /** The turns of a session, oldest first. */
  turns(session: string): Promise<readonly TurnRecord[]>;
}

/** One room of a world whose bot holds the lease. */
export interface TestTalk {
  readonly room: string;
  readonly session: string;
  /** The epoch of the lease that was granted last. */
  epoch(): number;
  /** Another worker takes the room over: a newer epoch. */
  takeOver(): Promise<void>;
  save(changes: Partial<ContextSave>): Promise<'written' | 'lost'>;
  /** The texts of the context as stored; undefined if there is none. */
  texts(): Promise<readonly string[] | undefined>;
}

/** A talk that no other test uses, under epoch 1. */
export async function openTestTalk({ leases, store }: MemoryWorld): Promise<TestTalk> {
  const now = Date.now();
  const asked = makeTestRoom({ leases, now: () => now, pass: async () => {} });
  const { room, session } = asked;
  let { epoch } = await asked.take();
  return {
    room,
    session,
    epoch: () => epoch,
    async takeOver() {
      ({ epoch } = await asked.take({ receiveCount: epoch + 1 }));
    },
    save: (changes) =>
      store.save({ room, session, epoch, version: 1, messages: [], turns: [], ...changes }),
    async texts() {
      return (await store.load(session))?.messages.map(({ text }) => text);
    },
  };
}

/** What Ann said; the id is the text unless another is given. */
export function said(text: string, id = text): UserMessage {
  const when = Date.UTC(2026, 5, 1) + 0.25;
  return { role: 'user', id, speaker: 'ann', name: 'Ann', text, at: when, addressed: true };
}

/** What the character answered to that. */
export function answered(text: string, ...answers: readonly string[]): AssistantMessage {
  const when = Date.UTC(2026, 5, 1) + 1_000;
  return { role: 'assistant', id: `re ${text}`, text, at: when, answers, ended: 'finished' };
}

/** The books of one turn. */
export function turn(id: string, changes: Partial<TurnRecord> = {}): TurnRecord {
  return {
    id,
    at: Date.UTC(2026, 5, 1),
    outcome: 'finished',
    model: 'a/model',
    promptTokens: 12,
    completionTokens: 3,
    durationMs: 812.5,
    ...changes,
  };
}
