import { expect, it, vi } from 'vitest';
import { makeSupabase } from '../../../src/adapters/supabase/client.ts';
import { makeDirectory } from '../../../src/adapters/supabase/directory.ts';
import { useDatabase } from '../../support/stack.ts';

const database = useDatabase();

/** Changes the schema, and waits until PostgREST has read it and the check says this. */
async function expectAfter(sql: string, missing: string): Promise<void> {
  const directory = makeDirectory(makeSupabase(database()));
  await database().sql(`${sql}; notify pgrst, 'reload schema'`);
  const message = `the database lacks ${missing}: run the migrations in supabase/migrations`;
  await vi.waitFor(
    () => expect(directory.check()).rejects.toMatchObject({ kind: 'not-ready', message }),
    { timeout: 10_000, interval: 20 },
  );
  await database().migrate();
  await vi.waitFor(() => directory.check(), { timeout: 10_000, interval: 20 });
}

it('names a column, a table or a function that went, and is well when the migrations ran again', async () => {
  await expectAfter(
    'alter table characters drop column greeting, drop column model',
    'column characters.model, column characters.greeting',
  );
  await expectAfter('drop table turns', 'table turns');
  await expectAfter('drop function troupe_schema_version', 'function troupe_schema_version');
});

it('names the migrations of a newer program by the version that they make', async () => {
  await expectAfter(
    `create or replace function troupe_schema_version() returns integer
     language sql stable set search_path = '' as $$ select 0 $$`,
    'schema version 6 (has 0)',
  );
});

it('calls a table that the key may not read a matter of the key', async () => {
  const directory = makeDirectory(makeSupabase(database()));
  await database().sql('revoke all on table contexts from service_role');
  await expect(directory.check()).rejects.toMatchObject({ kind: 'auth', fault: 'fleet' });
  await database().migrate();
});
