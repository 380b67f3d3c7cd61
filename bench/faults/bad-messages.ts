import { createHash } from 'node:crypto';
import type { Order } from './backend.ts';
import type { World } from './world.ts';

/** What a bad message is made from: rooms in which talks go on, and a number that no other has. */
export interface Occasion {
  readonly id: number;
  readonly dice: readonly [number, number];
  readonly rooms: readonly string[];
}

/** Puts one on the queue that no backend ought to send, or not so. */
export async function makeBadMessage(world: World, occasion: Occasion): Promise<Order> {
  const make = KINDS[Math.floor(occasion.dice[0] * KINDS.length)] ?? notJson;
  return await make(world, occasion);
}

type Make = (world: World, occasion: Occasion) => Promise<Order> | Order;

const LARGEST = 250 * 1024;

const notJson: Make = (_world, { id }) => malformed(id, '{"roomName": ');

/** For rooms and sessions of their own the row is written first, as a backend does. */
const KINDS: readonly Make[] = [
  notJson,
  (_world, { id }) => malformed(id, 'x'.repeat(LARGEST)),
  (_world, { id }) => malformed(id, { room: `nameless-${id}` }),
  (_world, { id }) => malformed(id, { roomName: `control-\u0007-${id}` }),
  (_world, { id }) => malformed(id, { roomName: `x`.repeat(600) }),
  // A producer with one constant group.
  (_world, occasion) => {
    const room = roomOf(occasion);
    return { kind: 'start', room, body: { roomName: room }, group: 'constant' };
  },
  // A duplicate.
  (_world, occasion) => {
    const room = roomOf(occasion);
    return { kind: 'start', room, body: { roomName: room }, group: room };
  },
  // An unknown session, asked for so long ago that no row comes any more.
  (_world, { id }) => {
    const room = `nowhere-${id}`;
    const body = { roomName: room, requestedAt: Date.now() - 60_000 };
    return { kind: 'unknown-session', room, body, group: room };
  },
  // A room with an odd name, in which nobody is: its bot leaves when it is idle.
  async (world, { id, dice }) => {
    const room = dice[1] < 0.5 ? `会議室 № ${id} ("odd")` : `long-${id}-${'name '.repeat(70)}end`;
    await openSession(world, room);
    const group = createHash('sha256').update(room).digest('hex');
    return { kind: 'start', room, body: { roomName: room }, group };
  },
  // Expired, for a room of its own.
  async (world, { id }) => {
    const room = `late-${id}`;
    await openSession(world, room);
    const body = { roomName: room, expiresAt: Date.now() - 1_000 };
    return { kind: 'unwanted', room, body, group: room };
  },
  // A successor of an older generation, where a room has one; else a duplicate.
  async ({ stack }, occasion) => {
    const rows = await stack.database
      .sql<{ room: string; generation: number }>(
        `select room, generation::integer from leases where room = any($1) and generation > 0`,
        [occasion.rooms],
      )
      .catch(() => []);
    const [row] = rows;
    const room = row?.room ?? roomOf(occasion);
    if (row === undefined) return { kind: 'start', room, body: { roomName: room }, group: room };
    const body = { roomName: room, generation: row.generation - 1 };
    return { kind: 'unwanted', room, body, group: room };
  },
];

function malformed(id: number, body: Order['body']): Order {
  return { kind: 'malformed', room: '', body, group: `malformed-${id}` };
}

function roomOf({ rooms, dice }: Occasion): string {
  return rooms[Math.floor(dice[1] * rooms.length)] ?? 'no-room';
}

/** Writes the session's row, again until the database has taken it. */
export async function openSession({ stack }: World, session: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await stack.database.sql(
        `insert into sessions (id, character_id) values ($1, 'mira') on conflict (id) do nothing`,
        [session],
      );
      return;
    } catch (error) {
      if (tries >= 40) throw error;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}
