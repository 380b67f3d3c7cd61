import { glob, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ClientBase } from 'pg';

/** Type of the ids in the user's tables. */
export type IdType = 'uuid' | 'text' | 'bigint';

/**
 * The tables that a user of Troupe has before Troupe comes: nothing but ids and a character's words,
 * in a schema with Supabase's grants. Row level security without policies hides them from `anon`.
 */
export async function createUserTables(client: ClientBase, ids: IdType): Promise<void> {
  await client.query(`
    grant usage on schema public to anon, authenticated, service_role;
    alter default privileges in schema public
      grant all on tables to anon, authenticated, service_role;
    alter default privileges in schema public
      grant all on functions to anon, authenticated, service_role;
    alter default privileges in schema public
      grant all on sequences to anon, authenticated, service_role;
    create table characters (id ${ids} primary key, name text, description text);
    create table sessions (id ${ids} primary key, character_id ${ids});
    alter table characters enable row level security;
    alter table sessions enable row level security;
  `);
}

/** Runs the project's migrations in the order of their names, and tells PostgREST. */
export async function migrate(client: ClientBase): Promise<void> {
  const files = await Array.fromAsync(glob(join(MIGRATIONS, '*.sql')));
  for (const file of files.sort()) {
    await client.query(await readFile(file, 'utf8')).catch((error: Error) => {
      throw new Error(`${basename(file)}: ${error.message}`, { cause: error });
    });
  }
  await client.query(`notify pgrst, 'reload schema'`);
}

const MIGRATIONS = join(import.meta.dirname, '../../supabase/migrations');
