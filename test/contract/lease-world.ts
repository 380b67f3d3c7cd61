import { randomUUID } from 'node:crypto';
import type { AcquireAnswer, AcquireRequest, LeaseTable } from '../../src/ports/lease-table.ts';

/** A lease table whose database's clock can be moved. */
export interface LeaseWorld {
  readonly leases: LeaseTable;
  /** The time, in ms since 1970. */
  now(): number;
  /** Lets time pass in the database. */
  pass(ms: number): Promise<void>;
}

/** One room of a world, and messages that ask for it. */
export interface TestRoom {
  readonly room: string;
  readonly session: string;
  /** Asks for the lease as a first delivery of message `m1` of the room's session would. */
  ask(changes?: Partial<AcquireRequest>): Promise<AcquireAnswer>;
  /** As `ask`, for a request that must be granted. */
  take(
    changes?: Partial<AcquireRequest>,
  ): Promise<{ readonly room: string; readonly epoch: number }>;
}

/** A room that no other test uses. */
export function makeTestRoom(world: LeaseWorld): TestRoom {
  const room = `room ${randomUUID()}`;
  const session = `session of ${room}`;
  const ask: TestRoom['ask'] = (changes) =>
    world.leases.acquire({
      room,
      session,
      messageId: 'm1',
      receiveCount: 1,
      requestedAt: world.now(),
      deferrals: 0,
      worker: 'worker-1',
      ...changes,
    });
  return {
    room,
    session,
    ask,
    async take(changes) {
      const answer = await ask(changes);
      if (!answer.granted) throw new Error(`refused: ${answer.refusal}`);
      return { room, epoch: answer.epoch };
    },
  };
}

/** What a refusal looks like. */
export function refused(refusal: string): { granted: false; refusal: string } {
  return { granted: false, refusal };
}
