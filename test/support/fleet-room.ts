import type { Stack } from '../../dev/stack.ts';
import type { ContextMessage } from '../../src/memory/context.ts';
import { eventually } from './eventually.ts';
import type { FleetQueue } from './fleet-queue.ts';
import { openVisitor } from './livekit-visitor.ts';
import type { LiveKitVisitor, VisitorOptions } from './livekit-visitor.ts';

/** A room that no other test uses, as its backend, its guests and its database know it. */
export interface FleetRoom {
  /** Also the id of its session. */
  readonly name: string;
  /** The identity of its bot. */
  readonly bot: string;
  /** Asks the fleet for a bot; returns the message's id. */
  call(fields?: Readonly<Record<string, unknown>>): Promise<string>;
  /** Comes in; `identity` is Ada's unless it is said. */
  enter(who?: Partial<VisitorOptions>): Promise<LiveKitVisitor>;
  lease(): Promise<LeaseRow | undefined>;
  /** The lease's row as soon as it `fits`. */
  leaseThat(what: string, fits: (row: LeaseRow) => boolean, limitMs?: number): Promise<LeaseRow>;
  /** The memory as the database has it. */
  memory(): Promise<readonly ContextMessage[]>;
  /** The memory as soon as it `fits`. */
  memoryThat(
    what: string,
    fits: (messages: readonly ContextMessage[]) => boolean,
    limitMs?: number,
  ): Promise<readonly ContextMessage[]>;
}

/** A row of `leases`. */
export interface LeaseRow {
  readonly session: string;
  readonly epoch: number;
  readonly generation: number;
  readonly status: 'live' | 'left' | 'ended' | 'failed';
  readonly arrival: 'fresh' | 'takeover' | 'handover';
  readonly crashes: number;
  readonly worker: string;
}

/** What a room is made in. */
export interface RoomWorld {
  readonly stack: Stack;
  readonly queue: FleetQueue;
}

/** Describes the room `name`; nothing is there yet but what `call` and `enter` bring. */
export function describeRoom({ stack, queue }: RoomWorld, name: string): FleetRoom {
  const lease = async (): Promise<LeaseRow | undefined> => {
    const rows = await stack.database.sql(
      `select session, epoch::int, generation::int, status, arrival, crashes, worker
       from leases where room = $1 and epoch > 0`,
      [name],
    );
    return rows[0] as LeaseRow | undefined;
  };
  const memory = async (): Promise<readonly ContextMessage[]> => {
    const rows = await stack.database.sql('select messages from contexts where session = $1', [
      name,
    ]);
    return (rows[0]?.['messages'] ?? []) as readonly ContextMessage[];
  };
  return {
    name,
    bot: `bot-${name}`,
    lease,
    memory,
    call: (fields = {}) => queue.send(JSON.stringify({ roomName: name, ...fields }), name),
    enter: (who = {}) =>
      openVisitor({ server: stack.livekit, room: name, identity: 'ada', name: 'Ada', ...who }),
    leaseThat: (what, fits, limitMs) =>
      eventually(
        `the lease of ${name} to be ${what}`,
        async () => {
          const row = await lease();
          return row !== undefined && fits(row) && row;
        },
        limitMs,
      ),
    memoryThat: (what, fits, limitMs) =>
      eventually(
        `the memory of ${name} to have ${what}`,
        async () => {
          const messages = await memory();
          return fits(messages) && messages;
        },
        limitMs,
      ),
  };
}
