import { setTimeout as sleep } from 'node:timers/promises';
import { changesIn } from './changes.ts';
import { startWorkerProcess } from './worker-process.ts';
import type { WorkerLogLine, WorkerProcess } from './worker-process.ts';

/** Who is told what the workers do, by the number of the worker. */
export type Report = (worker: number, what: WorkerLogLine | string) => void;

/**
 * Runs a worker and puts a new one in its place after each change of `src`, as a deploy would: the new
 * one starts first, then the old one drains and hands its rooms over. A new one that does not start
 * leaves the old one at work. Resolves when the signal has aborted and every worker has ended.
 */
export async function runLatestWorker(
  env: Readonly<Record<string, string>>,
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  const running = new Set<WorkerProcess>();
  let count = 0;
  let current: WorkerProcess | undefined;

  async function replace(): Promise<void> {
    const number = ++count;
    const next = startWorkerProcess(env, ['worker'], (line) => report(number, line));
    running.add(next);
    void watchEnd(next, number);
    if (!(await isUp(next))) return report(number, 'did not start; waiting for the next change');
    report(number, `ready: ${await next.healthUrl()}/status`);
    current?.signal('SIGTERM');
    current = next;
  }

  async function watchEnd(worker: WorkerProcess, number: number): Promise<void> {
    const code = await worker.exited;
    running.delete(worker);
    const isLast = running.size === 0 && !signal.aborted;
    report(number, `ended with ${code}${isLast ? '; the next change of src starts another' : ''}`);
  }

  await replace();
  for await (const _ of changesIn('src', signal)) await replace();
  await Promise.all([...running].map(end));
}

const START_MS = 20_000;
const END_MS = 5_000;

async function isUp(worker: WorkerProcess): Promise<boolean> {
  const listening = worker.logged('listening', START_MS).then(
    () => true,
    () => false,
  );
  const up = await Promise.race([listening, worker.exited.then(() => false)]);
  if (!up) await worker[Symbol.asyncDispose]();
  return up;
}

/** Ctrl-C has reached the worker too: this second signal lets it go at once, but cleanly. */
async function end(worker: WorkerProcess): Promise<void> {
  worker.signal('SIGTERM');
  await Promise.race([worker.exited, sleep(END_MS)]);
  await worker[Symbol.asyncDispose]();
}
