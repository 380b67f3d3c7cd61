import { spawn } from 'node:child_process';
import type { SpawnOptions } from 'node:child_process';

/** A program that a part of the stack runs. */
export interface Child extends AsyncDisposable {
  readonly pid: number;
  /** The last lines it printed, for error messages. */
  output(): string;
  /** Resolves when it has ended. */
  readonly exited: Promise<void>;
}

const KEPT_OUTPUT = 8_000;
const STOP_GRACE_MS = 3_000;

/**
 * Starts a program whose output is kept, not shown. Disposing asks it to end by `stopSignal` and
 * kills it after a grace.
 */
export function startChild(
  command: string,
  args: readonly string[],
  options: SpawnOptions & { readonly stopSignal?: NodeJS.Signals } = {},
): Child {
  const { stopSignal = 'SIGTERM', ...spawning } = options;
  const child = spawn(command, args, { ...spawning, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-KEPT_OUTPUT);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', (error) => {
      output += String(error);
      resolve();
    });
  });
  return {
    pid: child.pid ?? 0,
    output: () => output,
    exited,
    async [Symbol.asyncDispose]() {
      child.kill(stopSignal);
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS);
      await exited;
      clearTimeout(timer);
    },
  };
}
