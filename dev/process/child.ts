import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { openRunFolder } from './run-folder.ts';
import { endWithUs, tiedToUs } from './tie.ts';
import type { Command } from './tie.ts';

/** A program to run beside this process. */
export interface Program extends Command {
  /** How messages call it. */
  readonly name: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What ends it at once. Default: SIGKILL. */
  readonly endSignal?: NodeJS.Signals;
}

/** A running program; it ends with this process, however this process ends. */
export interface Child {
  readonly pid: number;
  readonly running: boolean;
  /** The end of what it printed, at most 4 KB. */
  output(): string;
  /** Ends it at once; resolves when it has ended. SIGKILL follows after 3 s. */
  end(): Promise<void>;
}

/**
 * Starts a program in a session of its own (a Ctrl-C at the terminal is for us to pass on) that is
 * marked as this run's and, where `setpriv` can arrange it, dies with this process even by kill -9.
 */
export async function startChild(program: Program): Promise<Child> {
  const { mark } = await openRunFolder();
  const { endSignal = 'SIGKILL' } = program;
  const [command, args] = tiedToUs(program, endSignal);
  const child = spawn(command, args, {
    cwd: '/',
    detached: true,
    env: { PATH: process.env['PATH'], LANG: 'C', ...program.env, ...mark },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  const keep = (chunk: Buffer): void => void (printed = (printed + chunk).slice(-KEPT_CHARACTERS));
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  endWithUs(child, endSignal);
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', (error) => {
      printed += error.message;
      resolve();
    });
  });
  const isOver = (): boolean => child.exitCode !== null || child.signalCode !== null;
  return {
    pid: child.pid ?? 0,
    get running() {
      return child.pid !== undefined && !isOver();
    },
    output: () => printed,
    async end() {
      if (child.pid === undefined || isOver()) return;
      child.kill(endSignal);
      const patience = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
      await exited;
      clearTimeout(patience);
    },
  };
}

/**
 * Waits until `isReady` says yes, asking every 15 ms.
 * @throws when the program ends before, or does not get ready within `limitMs`; with its last output.
 */
export async function untilReady(
  name: string,
  child: Child,
  isReady: () => Promise<boolean>,
  limitMs = 15_000,
): Promise<void> {
  const giveUpAt = performance.now() + limitMs;
  while (child.running && performance.now() < giveUpAt) {
    if (await isReady()) return;
    await sleep(15);
  }
  const what = child.running ? `is not ready after ${limitMs} ms` : 'ended at its start';
  await child.end();
  throw new Error(`${name} ${what}:\n${child.output().trim()}`);
}

const KEPT_CHARACTERS = 4096;
const GRACE_MS = 3_000;
