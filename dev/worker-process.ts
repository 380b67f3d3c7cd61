import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { ChildProcess } from 'node:child_process';
import { endWithUs, tiedToUs } from './process/tie.ts';

/** A worker in a process of its own, as in production. */
export interface WorkerProcess extends AsyncDisposable {
  readonly pid: number;
  /** What it wrote so far, oldest first, the last 2,000 lines. */
  readonly log: readonly WorkerLogLine[];
  /** Resolves with the first line of this event, written before or later, that `fits`. */
  logged(
    event: string,
    limitMs: number,
    fits?: (line: WorkerLogLine) => boolean,
  ): Promise<WorkerLogLine>;
  /** Address of its health server, once it listens. */
  healthUrl(): Promise<string>;
  signal(name: NodeJS.Signals): void;
  /** Resolves with the exit code, or the signal that ended it. */
  readonly exited: Promise<number | NodeJS.Signals>;
}

/** One JSON line of a worker's log; other lines, and what goes to stderr, are a message alone. */
export interface WorkerLogLine {
  readonly event?: string;
  readonly level: string;
  readonly message: string;
  readonly [field: string]: unknown;
}

/** What Node is started with, as the image does it; why stands there. */
export const NODE_FLAGS = ['--v8-pool-size=1'];

const KEPT_LINES = 2_000;

/**
 * Starts `src/main.ts <args>` as the image does, with `env` on top of this process's environment;
 * `onLine` gets each line of its log.
 */
export function startWorkerProcess(
  env: Readonly<Record<string, string>>,
  args: readonly string[] = ['worker'],
  onLine?: (line: WorkerLogLine) => void,
): WorkerProcess {
  const program = { command: process.execPath, args: [...NODE_FLAGS, 'src/main.ts', ...args] };
  const child = spawn(...tiedToUs(program, 'SIGKILL'), {
    env: { ...process.env, HTTP_PORT: '0', RUST_LOG: 'off', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  endWithUs(child, 'SIGKILL');
  const log: WorkerLogLine[] = [];
  const watchers = new Set<() => void>();
  const keep = (line: WorkerLogLine): void => {
    log.push(line);
    onLine?.(line);
    if (log.length > KEPT_LINES) log.shift();
    watchers.forEach((look) => look());
  };
  createInterface({ input: child.stdout }).on('line', (line) => keep(parseLine(line)));
  createInterface({ input: child.stderr }).on('line', (message) => {
    if (onLine === undefined) console.error(message);
    keep({ level: 'error', message });
  });
  const exited = endOf(child);
  const logged: WorkerProcess['logged'] = (event, limitMs, fits = () => true) =>
    lineOf(log, watchers, event, limitMs, fits);
  return {
    pid: child.pid ?? 0,
    log,
    logged,
    async healthUrl() {
      const line = await logged('listening', 10_000);
      return `http://127.0.0.1:${String(line['port'])}`;
    },
    signal: (name) => void child.kill(name),
    exited,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

function parseLine(line: string): WorkerLogLine {
  try {
    return JSON.parse(line) as WorkerLogLine;
  } catch {
    return { level: 'info', message: line };
  }
}

/** Once its last words are read, too. */
function endOf(child: ChildProcess): Promise<number | NodeJS.Signals> {
  return new Promise((resolve) => {
    child.once('close', (code, signal) => resolve(signal ?? code ?? 0));
    child.once('error', () => resolve(1));
  });
}

function lineOf(
  log: readonly WorkerLogLine[],
  watchers: Set<() => void>,
  event: string,
  limitMs: number,
  fits: (line: WorkerLogLine) => boolean,
): Promise<WorkerLogLine> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      watchers.delete(look);
      const last = log.slice(-5).map((line) => JSON.stringify(line));
      const told = [
        `the worker did not log ${event} within ${limitMs} ms; its last lines:`,
        ...last,
      ];
      reject(new Error(told.join('\n')));
    }, limitMs);
    function look(): void {
      const line = log.find((one) => one.event === event && fits(one));
      if (line === undefined) return;
      clearTimeout(timer);
      watchers.delete(look);
      resolve(line);
    }
    watchers.add(look);
    look();
  });
}
