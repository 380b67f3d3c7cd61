import type { Database } from '../../dev/database/database.ts';
import { makeLeaseTable } from '../../src/adapters/supabase/lease-table.ts';
import { makeSupabase } from '../../src/adapters/supabase/client.ts';
import type { LeaseWorld } from './lease-world.ts';

/** Where the time stands when a world begins. */
export const DAWN = Date.UTC(2026, 0, 1);

/**
 * The real lease table. The database's clock stands still until it is moved: the one function that
 * tells the time is replaced.
 */
export async function openRealLeases(database: Database): Promise<LeaseWorld> {
  let now = DAWN;
  const pass = async (ms: number): Promise<void> => {
    now += ms;
    await database.sql(`
      create or replace function public.troupe_now() returns timestamptz
      language sql volatile set search_path = ''
      as $$ select to_timestamp(${now} / 1000.0) $$`);
  };
  await pass(0);
  return { leases: makeLeaseTable(makeSupabase(database)), now: () => now, pass };
}
