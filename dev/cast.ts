import type { Database } from './database/database.ts';

/** The character of demo and development. */
export const MIRA = 'Mira';

/** Writes Mira into the user's tables, and a session `session` that she plays in. */
export async function castMira(database: Pick<Database, 'sql'>, session: string): Promise<void> {
  await database.sql(
    `insert into characters (id, name, description) values ('mira', $1, $2)
     on conflict (id) do nothing`,
    [MIRA, 'You are Mira, a friendly host. Answer in one or two short sentences.'],
  );
  await database.sql(
    `insert into sessions (id, character_id) values ($1, 'mira') on conflict (id) do nothing`,
    [session],
  );
}
