import type { Config } from '../config.ts';
import { makeDirectory } from '../adapters/supabase/directory.ts';
import { makeLeaseTable } from '../adapters/supabase/lease-table.ts';
import { makeMemoryStore } from '../adapters/supabase/memory-store.ts';
import { makeSessionRegistry } from '../adapters/supabase/session-registry.ts';
import { makeSupabase } from '../adapters/supabase/client.ts';
import { makeUsageStore } from '../adapters/supabase/usage-store.ts';
import type { Directory } from '../ports/directory.ts';
import type { LeaseTable } from '../ports/lease-table.ts';
import type { MemoryStore } from '../ports/memory-store.ts';
import type { SessionRegistry } from '../ports/session-registry.ts';
import type { UsageStore } from '../ports/usage-store.ts';

/** Everything that is kept in Supabase. */
export interface Stores {
  readonly directory: Directory;
  readonly leases: LeaseTable;
  readonly memory: MemoryStore;
  readonly sessions: SessionRegistry;
  readonly usage: UsageStore;
}

/** One client, five ports. */
export function makeStores(config: Config): Stores {
  const client = makeSupabase({
    url: config.SUPABASE_URL,
    serviceRoleKey: config.SUPABASE_SERVICE_ROLE,
  });
  return {
    directory: makeDirectory(client),
    leases: makeLeaseTable(client),
    memory: makeMemoryStore(client),
    sessions: makeSessionRegistry(client),
    usage: makeUsageStore(client),
  };
}
