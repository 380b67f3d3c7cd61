import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { constants, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { processToken } from './identity.ts';
import { endOrphans } from './orphans.ts';

/** What one run of a stack owns on this machine. */
export interface RunFolder {
  /** Everything that the run writes; gone with the process. */
  readonly path: string;
  /** Environment that marks a process as the run's: whoever has it may be ended with the run. */
  readonly mark: Readonly<Record<string, string>>;
}

/** The variable that names the process which a child belongs to. */
export const OWNER_VARIABLE = 'TROUPE_STACK_OWNER';

/**
 * The run folder of this process, made at the first call, which also ends and removes what runs
 * that were killed have left.
 */
export async function openRunFolder(): Promise<RunFolder> {
  folder ??= makeRunFolder();
  return await folder;
}

/** A folder of this user that outlives runs: unpacked binaries, prepared data. */
export function scratchFolder(): string {
  const path = join(tmpdir(), `troupe-${userInfo().uid}`);
  mkdirSync(path, { recursive: true, mode: 0o755 });
  if (statSync(path).uid !== userInfo().uid) {
    throw new Error(`${path} belongs to somebody else; set TMPDIR to a folder of your own`);
  }
  return path;
}

let folder: Promise<RunFolder> | undefined;

async function makeRunFolder(): Promise<RunFolder> {
  const runs = join(scratchFolder(), 'runs');
  mkdirSync(runs, { recursive: true });
  await endOrphans(runs, OWNER_VARIABLE, readdirSync(runs));
  const token = processToken(process.pid);
  if (token === undefined) throw new Error('/proc does not show this process');
  const path = join(runs, token);
  mkdirSync(path, { recursive: true });
  process.on('exit', () => rmSync(path, { recursive: true, force: true, maxRetries: 3 }));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) exitOn(signal);
  return { path, mark: { [OWNER_VARIABLE]: token } };
}

/** Lets the exit hooks run at a signal that would end the process, unless somebody else takes it. */
function exitOn(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP'): void {
  process.once(signal, () => {
    if (process.listenerCount(signal) === 0) process.exit(128 + constants.signals[signal]);
  });
}
