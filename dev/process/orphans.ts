import { readFileSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning } from './identity.ts';

/**
 * Ends what runs of killed processes left behind: of every folder in `runs` (named by its owner's
 * token) whose owner is gone, the processes that carry the token in `variable`, then the folder.
 * Nothing is ended by a bare pid or by its name.
 */
export async function endOrphans(
  runs: string,
  variable: string,
  tokens: readonly string[],
): Promise<void> {
  const dead = tokens.filter((token) => !isRunning(token));
  if (dead.length === 0) return;
  const marks = new Set(dead.map((token) => `${variable}=${token}`));
  await endMarked(marks, 'SIGQUIT');
  for (let tries = 0; tries < 40 && marked(marks).length > 0; tries++) await sleep(25);
  await endMarked(marks, 'SIGKILL');
  for (const token of dead) {
    await rm(join(runs, token), { recursive: true, force: true, maxRetries: 5 });
  }
}

async function endMarked(marks: ReadonlySet<string>, signal: NodeJS.Signals): Promise<void> {
  for (const pid of marked(marks)) {
    try {
      process.kill(pid, signal);
    } catch {
      // It ended by itself in between.
    }
  }
}

/** Processes whose environment holds one of the marks. */
function marked(marks: ReadonlySet<string>): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && environmentOf(pid).some((line) => marks.has(line)));
}

function environmentOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
