import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { endWithUs, tiedToUs } from '../../dev/process/tie.ts';
import { freePort } from '../../dev/process/ports.ts';
import { NODE_FLAGS } from '../../dev/worker-process.ts';
import { poll } from '../lib/poll.ts';
import { readProcessUsage } from '../lib/process-usage.ts';

/** A worker whose log nobody reads. */
export interface BareWorker extends AsyncDisposable {
  readonly pid: number;
  /** How it ended; undefined while it runs. */
  ended(): number | NodeJS.Signals | undefined;
  /** Asks it to end; resolves with how it did, or with `hangs` if it has not after `limitMs`. */
  end(limitMs: number): Promise<number | NodeJS.Signals | 'hangs'>;
  /** Resolves with whether it is ready to receive, or has become so within `limitMs`. */
  ready(limitMs: number): Promise<boolean>;
  rssMb(): number;
  openFiles(): number;
  /** The end of what it wrote to stderr. */
  lastWords(): string;
}

/** Where its log goes, and how many files it may have open. */
export interface Straits {
  /** A file descriptor of ours; `gone`: a pipe that nobody reads any more. */
  readonly log: number | 'gone' | 'ignore';
  readonly openFiles?: number;
}

/** Starts `src/main.ts worker` as the image does, in straits, with `env` on top of this process's environment. */
export async function startBareWorker(
  env: Readonly<Record<string, string>>,
  { log, openFiles }: Straits,
): Promise<BareWorker> {
  const port = await freePort();
  const limit = openFiles === undefined ? '' : `ulimit -n ${openFiles}; `;
  const args = [
    '-c',
    `${limit}exec "$0" "$@"`,
    process.execPath,
    ...NODE_FLAGS,
    'src/main.ts',
    'worker',
  ];
  const child = spawn(...tiedToUs({ command: 'sh', args }, 'SIGKILL'), {
    env: { ...process.env, RUST_LOG: 'off', ...env, HTTP_PORT: String(port) },
    stdio: ['ignore', log === 'gone' ? 'pipe' : log, 'pipe'],
  });
  endWithUs(child, 'SIGKILL');
  child.stdout?.destroy();
  let words = '';
  child.stderr?.on(
    'data',
    (chunk: Buffer) => void (words = `${words}${String(chunk)}`.slice(-KEPT)),
  );
  let end: number | NodeJS.Signals | undefined;
  const exited = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once('exit', (code, signal) => resolve((end = signal ?? code ?? 0)));
  });
  const isReady = async (): Promise<boolean> => {
    if (end !== undefined) return false;
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
    return answer?.ok === true;
  };
  return {
    pid: child.pid ?? 0,
    ended: () => end,
    async end(limitMs) {
      child.kill('SIGTERM');
      return await Promise.race([exited, sleep(limitMs, 'hangs' as const, { ref: false })]);
    },
    ready: (limitMs) => poll(isReady, (ready) => ready || end !== undefined, limitMs),
    rssMb: () => readProcessUsage(child.pid ?? 0).rssMb,
    openFiles: () => readdirSync(`/proc/${child.pid ?? 0}/fd`).length,
    lastWords: () => words,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

const KEPT = 2_000;
