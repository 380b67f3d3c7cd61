import { randomUUID } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning, processToken } from '../process/identity.ts';

/**
 * Holds the lock file `path` until disposed; waits while another running process holds it and tells
 * stderr once what for. The lock of a process that died is taken over.
 * @throws after 15 minutes.
 */
export async function holdLock(path: string, waitingFor: string): Promise<AsyncDisposable> {
  const giveUpAt = performance.now() + LONGEST_WAIT_MS;
  let told = false;
  while (!(await take(path))) {
    if (performance.now() > giveUpAt) throw new Error(`waited in vain for ${waitingFor}: ${path}`);
    if (!told) console.error(`waiting for ${waitingFor}`);
    told = true;
    await sleep(250);
  }
  return { [Symbol.asyncDispose]: () => rm(path, { force: true }) };
}

const LONGEST_WAIT_MS = 15 * 60_000;

/** Links a finished file into place: a lock is never seen without its holder's name. */
async function take(path: string): Promise<boolean> {
  const named = `${path}.${randomUUID()}`;
  await writeFile(named, processToken(process.pid) ?? '');
  try {
    await link(named, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    await removeIfDead(path);
    return false;
  } finally {
    await rm(named, { force: true });
  }
}

async function removeIfDead(path: string): Promise<void> {
  const holder = await readFile(path, 'utf8').catch(() => undefined);
  if (holder !== undefined && !isRunning(holder)) await rm(path, { force: true });
}
