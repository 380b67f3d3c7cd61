import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Writable } from 'node:stream';
import { endWithUs, tiedToUs } from '../../dev/process/tie.ts';
import type { Command } from '../../dev/process/tie.ts';
import { openMoments } from '../lib/moments.ts';
import { BOT_LIMIT_MS } from './contender.ts';

/** A peer's program, and all that it starts. Disposal ends them at once. */
export interface BotProcess extends AsyncDisposable {
  readonly pid: number;
  /** Its stdin. */
  readonly input: Writable;
  /**
   * Resolves once it has told it of the room, now or before.
   * @throws with the end of what it printed, when it ends or takes longer than `BOT_LIMIT_MS`.
   */
  told(what: Told['what'], room: string): Promise<void>;
}

/** What a peer's program tells of a room: a JSON object, a line of its stdout. */
export interface Told {
  readonly what: 'ready' | 'gone';
  readonly room: string;
}

/** Starts it in a process group of its own. */
export function startBotProcess(
  program: Command,
  env: Readonly<Record<string, string>>,
): BotProcess {
  const child = spawn(...tiedToUs(program, 'SIGKILL'), {
    env: { ...process.env, ...env },
    stdio: 'pipe',
    detached: true,
  });
  endWithUs(child, 'SIGKILL');
  const endGroup = (): void => killGroup(child.pid);
  process.once('exit', endGroup);
  // Whoever has ended reads nothing any more; it is missed when it is asked.
  child.stdin.on('error', () => undefined);
  const moments = openMoments();
  let printed = '';
  const keep = (line: string): void => void (printed = `${printed}${line}\n`.slice(-KEPT));
  createInterface({ input: child.stderr }).on('line', keep);
  createInterface({ input: child.stdout }).on('line', (line) => {
    const told = readTold(line);
    if (told === undefined) keep(line);
    else moments.tell(`${told.what} ${told.room}`, Date.now());
  });
  const exited = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', (error) => {
      keep(error.message);
      resolve();
    });
  });
  return {
    pid: child.pid ?? 0,
    input: child.stdin,
    async told(what, room) {
      const ended = exited.then(() => Promise.reject(new Error(`${program.command} has ended`)));
      const inTime = moments.when(`${what} ${room}`, BOT_LIMIT_MS);
      try {
        await Promise.race([inTime, ended]);
      } catch (error) {
        throw new Error(`${String(error)}\n${printed.trim()}`, { cause: error });
      } finally {
        for (const one of [inTime, ended]) one.catch(() => undefined);
      }
    },
    async [Symbol.asyncDispose]() {
      process.off('exit', endGroup);
      endGroup();
      if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
    },
  };
}

const KEPT = 4_096;

/** Those that it has started too: they would go on without it. */
function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // All of them have ended.
  }
}

/** One of {@link Told}, or whatever else a program prints. */
export function readTold(line: string): Told | undefined {
  try {
    const told = JSON.parse(line) as Partial<Told> | null;
    const isOurs = told?.what === 'ready' || told?.what === 'gone';
    return isOurs && typeof told.room === 'string' ? (told as Told) : undefined;
  } catch {
    return undefined;
  }
}
