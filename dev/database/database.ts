import { randomUUID } from 'node:crypto';
import { Client, Pool } from 'pg';
import type { QueryResultRow } from 'pg';
import { superuserUrl } from './cluster.ts';
import type { ClusterAddress } from './cluster.ts';
import { openGateway } from './gateway.ts';
import type { Gateway } from './gateway.ts';
import { mintKey } from './keys.ts';
import { openPostgrest } from './postgrest.ts';
import type { Postgrest } from './postgrest.ts';
import { createUserTables, migrate } from './schema.ts';
import type { IdType } from './schema.ts';

/** What the database holds at the start. */
export interface DatabaseOptions {
  /** Type of the ids in `sessions` and `characters`. Default: text. */
  readonly idType?: IdType;
  /** Whether the project's migrations have run. Default: true. */
  readonly migrated?: boolean;
}

/** One Supabase project: a database with PostgREST and gateway of its own. */
export interface Database extends AsyncDisposable {
  /** For supabase-js. */
  readonly url: string;
  readonly serviceRoleKey: string;
  readonly anonKey: string;
  /** Connection string of the superuser. */
  readonly connectionString: string;
  readonly gateway: Gateway;
  readonly postgrest: Postgrest;
  /** Runs SQL as the superuser, who sees all, and returns the rows. */
  sql<Row extends QueryResultRow = QueryResultRow>(
    text: string,
    params?: readonly unknown[],
  ): Promise<Row[]>;
  /** Runs the project's migrations, again if need be. */
  migrate(): Promise<void>;
}

/** Makes a fresh database in `cluster` and everything in front of it; about 0.3 s. */
export async function openDatabase(
  cluster: ClusterAddress,
  options: DatabaseOptions = {},
): Promise<Database> {
  const { idType = 'text', migrated = true } = options;
  const name = `troupe_${randomUUID().replaceAll('-', '')}`;
  await withClient(superuserUrl(cluster, 'postgres'), (client) =>
    client.query(`create database ${name}`),
  );
  const connectionString = superuserUrl(cluster, name);
  await withClient(connectionString, async (client) => {
    await createUserTables(client, idType);
    if (migrated) await migrate(client);
  });
  const keys = { serviceRoleKey: mintKey('service_role'), anonKey: mintKey('anon') };
  const postgrest = await openPostgrest(cluster, name);
  const gateway = await openGateway(postgrest.port, Object.values(keys));
  const pool = new Pool({ connectionString, max: 4, connectionTimeoutMillis: 10_000 });
  // A broken idle connection; the pool opens another when it is asked for.
  pool.on('error', () => {});
  return {
    ...keys,
    url: gateway.url,
    connectionString,
    gateway,
    postgrest,
    async sql<Row extends QueryResultRow>(text: string, params: readonly unknown[] = []) {
      return (await pool.query<Row>(text, [...params])).rows;
    },
    migrate: () => withClient(connectionString, migrate),
    async [Symbol.asyncDispose]() {
      await Promise.all([gateway[Symbol.asyncDispose](), postgrest.stop(), pool.end()]);
    },
  };
}

async function withClient<T>(url: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
