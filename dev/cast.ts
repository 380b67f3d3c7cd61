import type { Database } from './database/database.ts';

/** The character of demo and development. */
export const MIRA = 'Mira';

/** Writes Mira and her colleague into the user's tables, and a session `session` that she plays in. */
export async function castMira(database: Pick<Database, 'sql'>, session: string): Promise<void> {
  await database.sql(
    `insert into characters (id, name, description, tagline)
     values ('mira', $1, $2, $3), ('rex', 'Rex', $4, $5)
     on conflict (id) do nothing`,
    [
      MIRA,
      'You are Mira, a friendly host. Answer in one or two short sentences.',
      'A friendly host who remembers what you tell her',
      'You are Rex, a retired sea captain. Answer in one short sentence.',
      'A retired sea captain of few words',
    ],
  );
  await database.sql(
    `insert into sessions (id, character_id) values ($1, 'mira') on conflict (id) do nothing`,
    [session],
  );
}
