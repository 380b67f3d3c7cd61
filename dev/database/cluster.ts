import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { startChild, untilReady } from '../process/child.ts';
import type { Child } from '../process/child.ts';
import { borrowedPart } from '../process/part.ts';
import type { Part } from '../process/part.ts';
import { freePort } from '../process/ports.ts';
import { openRunFolder } from '../process/run-folder.ts';
import { POSTGRES_UID, prepareTemplate } from './template.ts';

/** Where a PostgreSQL server is; `postgres` is its superuser, without a password. */
export interface ClusterAddress {
  readonly port: number;
}

/** A PostgreSQL server of our own, with Supabase's roles. */
export interface Cluster extends ClusterAddress, Part, AsyncDisposable {}

/** Starts a real PostgreSQL 18 on a copy of a prepared data folder, without waiting for the disk. */
export async function openCluster(): Promise<Cluster> {
  const [template, folder, port] = await Promise.all([
    prepareTemplate(),
    openRunFolder(),
    freePort(),
  ]);
  const data = join(folder.path, `postgres-${port}`);
  await promisify(execFile)('cp', ['-a', template.data, data]);
  let child: Child | undefined;

  async function start(): Promise<void> {
    if (child?.running === true) return;
    child = await startChild({
      name: 'PostgreSQL',
      command: template.postgres,
      args: ['-D', data, ...SETTINGS, '-c', `port=${port}`],
      endSignal: 'SIGQUIT',
      ...POSTGRES_UID,
    });
    await untilReady('PostgreSQL', child, () => answers(port));
  }
  async function stop(): Promise<void> {
    await child?.end();
  }

  await start();
  return { port, start, stop, [Symbol.asyncDispose]: stop };
}

/** A server that another process started: it can be used, not stopped. */
export function borrowCluster({ port }: ClusterAddress): Cluster {
  return { port, ...borrowedPart('PostgreSQL') };
}

/** Connection string of the superuser for one database of the cluster. */
export function superuserUrl(cluster: ClusterAddress, database: string): string {
  return `postgres://postgres@127.0.0.1:${cluster.port}/${database}`;
}

const SETTINGS = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'fsync=off',
  'full_page_writes=off',
  'max_connections=300',
  'log_min_messages=fatal',
].flatMap((setting) => ['-c', setting]);

async function answers(port: number): Promise<boolean> {
  const client = new Client({ connectionString: superuserUrl({ port }, 'postgres') });
  client.on('error', () => {});
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}
