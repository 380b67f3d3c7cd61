import { beforeAll, describe, expect, it } from 'vitest';
import { holds } from '../support/holds.ts';
import { useDatabase } from '../support/stack.ts';
import { findOpenings } from './openings.ts';
import { fillTables, readSchema } from './schema.ts';

const database = useDatabase();
const USERS_OWN = ['characters', 'sessions'];

beforeAll(() => fillTables(database()));

describe('the database', () => {
  it('has row level security on every table of ours, no policy, no function with other rights', async () => {
    const { tables, functions } = await readSchema(database());
    const ours = tables.filter(({ name }) => !USERS_OWN.includes(name));
    expect(ours.length).toBeGreaterThanOrEqual(5);
    expect(ours.filter(({ hasRls }) => !hasRls)).toEqual([]);
    expect(ours.filter(({ policies, isView }) => policies > 0 || isView)).toEqual([]);
    expect(functions.length).toBeGreaterThanOrEqual(14);
    expect(functions.filter(({ isDefiner }) => isDefiner)).toEqual([]);
  });

  it('lets nobody but the service role read, write or call anything', async () => {
    const { tables } = await readSchema(database());
    const rowsOf = () =>
      Promise.all(tables.map(({ name }) => database().sql(`select * from "${name}"`)));
    const before = await rowsOf();
    expect(before.filter((rows) => rows.length === 0)).toEqual([]);
    expect(await findOpenings(database())).toEqual([]);
    expect(await rowsOf()).toEqual(before);
  });

  it('lets the service role in: the doors above are closed, not missing', async () => {
    const { url, serviceRoleKey } = database();
    const headers = { apikey: serviceRoleKey };
    const { tables } = await readSchema(database());
    for (const { name } of tables) {
      const answer = await fetch(`${url}/rest/v1/${name}?limit=1`, { headers });
      expect([name, await answer.json()]).toEqual([name, [expect.anything()]]);
    }
    const version = await fetch(`${url}/rest/v1/rpc/troupe_schema_version`, { headers });
    expect(version.status).toBe(200);
  });
});

describe('what a later migration may forget', () => {
  // With the grants that Supabase gives to everybody by default.
  const forgotten = useDatabase();

  it.each([
    ['a table', 'create table public.oops (id text)', 'anon may GET oops', 'anon may POST oops'],
    [
      'a policy',
      'create policy oops on public.leases for select using (true); grant select on public.leases to anon',
      'anon may GET leases',
    ],
    [
      'a view',
      'create view public.oops_view as select * from public.turns',
      'anon may GET oops_view',
    ],
    [
      'a function',
      `create function public.oops_end(p_session text) returns void language sql security definer
       as $$ select public.end_session(p_session) $$`,
      'anon may call oops_end',
      'authenticated may call oops_end',
    ],
  ])('is found: %s', async (_what, sql, ...expected) => {
    await forgotten().sql(sql);
    await fillTables(forgotten());
    await forgotten().sql(`notify pgrst, 'reload schema'`);
    await holds(async () => {
      const openings = (await findOpenings(forgotten())).map((one) => one.split(':')[0]);
      expect(openings).toEqual(expect.arrayContaining(expected));
    });
  });
});
