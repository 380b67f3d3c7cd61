import type { Database } from '../../dev/database/database.ts';

/** One message of a talk as the database holds it. */
export interface SavedMessage {
  readonly role: 'user' | 'assistant' | 'summary';
  readonly id: string;
  readonly text: string;
  /** Whether a user's turn asks for an answer. */
  readonly addressed?: boolean;
  /** Ids of the turns that a reply answers. */
  readonly answers?: readonly string[];
}

/** What the database holds of a room's talk right now: all of it was committed. */
export async function readMemory(
  { sql }: Pick<Database, 'sql'>,
  room: string,
): Promise<readonly SavedMessage[]> {
  const rows = await sql<{ messages: SavedMessage[] }>(
    'select messages from contexts where session = $1',
    [room],
  );
  return rows[0]?.messages ?? [];
}

/** How many of the committed messages are not there any more, or were left without an answer. */
export function countLost(
  committed: readonly SavedMessage[],
  now: readonly SavedMessage[],
): number {
  const there = new Set(now.map(({ id }) => id));
  const answered = new Set(now.flatMap(({ answers = [] }) => answers));
  return committed.filter(
    ({ id, addressed = false }) => !there.has(id) || (addressed && !answered.has(id)),
  ).length;
}

/** Both, each message once. */
export function joined(
  earlier: readonly SavedMessage[],
  later: readonly SavedMessage[],
): readonly SavedMessage[] {
  return [...new Map([...earlier, ...later].map((one) => [one.id, one])).values()];
}
