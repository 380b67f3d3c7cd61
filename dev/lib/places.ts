import { mkdirSync } from 'node:fs';
import { homedir, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/** Whether PostgreSQL, which refuses to run as root, must run as somebody else. */
export const isRoot = process.getuid?.() === 0;

/** The unprivileged user `nobody`, by number. */
export const NOBODY = 65_534;

/** Where built and unpacked programs are kept between runs. */
export function cacheDirectory(): string {
  return made(join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'troupe'));
}

/** A cache that `nobody` can reach too: root's home is closed to others. */
export function sharedCacheDirectory(): string {
  return isRoot ? made('/var/tmp/troupe-cache', 0o755) : cacheDirectory();
}

/** Where running stacks keep their data and their traces, for this user. */
export function runsDirectory(): string {
  return made(join(tmpdir(), `troupe-stacks-${userInfo().uid}`), 0o755);
}

function made(path: string, mode?: number): string {
  mkdirSync(path, { recursive: true, ...(mode === undefined ? {} : { mode }) });
  return path;
}
