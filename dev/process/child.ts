import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { processToken } from './identity.ts';
import { openRunFolder } from './run-folder.ts';

/** A program to run beside this process. */
export interface Program {
  /** How messages call it. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Run as this user and group; only root may ask for it. */
  readonly uid?: number;
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
  }).finally(() => children.delete(child));
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

/** The command line that makes the kernel end the program with us (prctl(2), PR_SET_PDEATHSIG). */
function tiedToUs({ command, args, uid }: Program, endSignal: string): [string, string[]] {
  setpriv ??= spawnSync('setpriv', ['--pdeathsig', 'KILL', 'true']).status === 0;
  if (!setpriv && uid !== undefined) {
    throw new Error('root needs setpriv (Debian: util-linux) to run PostgreSQL as another user');
  }
  if (!setpriv) return [command, [...args]];
  const user = uid === undefined ? [] : [`--reuid=${uid}`, `--regid=${uid}`, '--clear-groups'];
  const signal = endSignal.slice('SIG'.length);
  return ['setpriv', ['--pdeathsig', signal, ...user, '--', command, ...args]];
}

let setpriv: boolean | undefined;

/** The children that run now, each with what ends it. */
const children = new Map<ChildProcess, NodeJS.Signals>();
let hooked = false;

function endWithUs(child: ChildProcess, endSignal: NodeJS.Signals): void {
  if (!hooked) process.prependOnceListener('exit', endAllAtExit);
  hooked = true;
  children.set(child, endSignal);
}

/**
 * Ends all children and waits for it: the exit hook that comes next removes the run folder, and must
 * find nobody at work in there.
 */
function endAllAtExit(): void {
  for (const [child, endSignal] of children) child.kill(endSignal);
  const giveUpAt = performance.now() + GRACE_MS;
  for (const child of children.keys()) {
    while (isThere(child) && performance.now() < giveUpAt) pause(5);
    child.kill('SIGKILL');
  }
}

function isThere({ pid }: ChildProcess): boolean {
  return pid !== undefined && processToken(pid) !== undefined;
}

/** Blocks the whole process: nothing asynchronous happens any more at the exit. */
function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
