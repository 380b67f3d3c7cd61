import { spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { processToken } from './identity.ts';

/** A command line, and the user and group it runs as; only root may ask for another user. */
export interface Command {
  readonly command: string;
  readonly args: readonly string[];
  readonly uid?: number;
}

/**
 * The command line that lets the kernel send `endSignal` to the program when this process has died
 * (prctl(2), PR_SET_PDEATHSIG), even by kill -9; where `setpriv` cannot arrange it, the plain one.
 * What root starts has no right to real time (CAP_SYS_NICE), as it has none in a pod: libwebrtc would
 * run its audio threads before all others of the machine (SCHED_FIFO).
 */
export function tiedToUs(
  { command, args, uid }: Command,
  endSignal: NodeJS.Signals,
): readonly [string, readonly string[]] {
  setpriv ??= canSetpriv('--pdeathsig', 'KILL');
  if (!setpriv && uid !== undefined) {
    throw new Error('root needs setpriv (Debian: util-linux) to run PostgreSQL as another user');
  }
  if (!setpriv) return [command, args];
  ordinary ??= process.getuid?.() === 0 && canSetpriv(...NO_REAL_TIME) ? NO_REAL_TIME : [];
  const user = uid === undefined ? [] : [`--reuid=${uid}`, `--regid=${uid}`, '--clear-groups'];
  const signal = endSignal.slice('SIG'.length);
  return ['setpriv', ['--pdeathsig', signal, ...ordinary, ...user, '--', command, ...args]];
}

/** Ends the child at our exit, whether we exit by ourselves, by an error or by a signal. */
export function endWithUs(child: ChildProcess, endSignal: NodeJS.Signals): void {
  if (!hooked) process.prependOnceListener('exit', endAllAtExit);
  hooked = true;
  children.set(child, endSignal);
  for (const event of ['exit', 'error']) child.once(event, () => children.delete(child));
}

const PATIENCE_MS = 3_000;

const NO_REAL_TIME = ['--bounding-set=-sys_nice', '--inh-caps=-sys_nice'];

let setpriv: boolean | undefined;
/** What takes the right to real time away, where we have it. */
let ordinary: readonly string[] | undefined;

function canSetpriv(...options: readonly string[]): boolean {
  return spawnSync('setpriv', [...options, 'true']).status === 0;
}

/** The children that run now, each with what ends it. */
const children = new Map<ChildProcess, NodeJS.Signals>();
let hooked = false;

/**
 * Ends all children and waits for it: the exit hook that comes next removes the run folder, and must
 * find nobody at work in there.
 */
function endAllAtExit(): void {
  for (const [child, endSignal] of children) child.kill(endSignal);
  const giveUpAt = performance.now() + PATIENCE_MS;
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
