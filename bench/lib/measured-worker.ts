import { startWorkerProcess } from '../../dev/worker-process.ts';
import type { WorkerLogLine } from '../../dev/worker-process.ts';
import { poll } from './poll.ts';
import { readProcessUsage } from './process-usage.ts';
import type { ProcessUsage } from './process-usage.ts';
import { setWorkerNice } from './worker-nice.ts';

/** A worker in a process of its own that can be asked what it uses. */
export interface MeasuredWorker extends AsyncDisposable {
  readonly pid: number;
  /** `tidy` lets it collect its garbage and give back the pages before it looks. */
  usage(tidy?: 'tidy'): Promise<WorkerUsage>;
  signal(name: NodeJS.Signals): void;
  readonly exited: Promise<number | NodeJS.Signals>;
}

/** What a worker has used until one moment. */
export interface WorkerUsage extends ProcessUsage {
  readonly heapUsedMb: number;
  /** What V8 holds, and what it counts of memory outside: the rest of the RSS is native. */
  readonly managedMb: number;
  /** Sockets, timers and requests that libuv keeps for it. */
  readonly activeHandles: number;
  /** Time that its event loop was at work, and at rest, in ms. */
  readonly activeMs: number;
  readonly idleMs: number;
}

/** One line of its log that tells an event, and when, in ms since 1970. */
export interface WorkerEvent {
  readonly event: string;
  readonly at: number;
  readonly line: WorkerLogLine;
}

const START_LIMIT_MS = 90_000;

/**
 * Starts a worker and resolves once it receives. Its log is at level debug: the benches read from it
 * what happened when. `preloads` are modules that it loads first, by URL.
 */
export async function startMeasuredWorker(
  env: Readonly<Record<string, string>>,
  onEvent: (event: WorkerEvent) => void,
  preloads: readonly string[] = [],
): Promise<MeasuredWorker> {
  const probe = new URL('./probe.ts', import.meta.url).href;
  const imports = [probe, ...preloads].map((url) => `--import ${url}`);
  const worker = startWorkerProcess(
    { ...env, LOG_LEVEL: 'debug', NODE_OPTIONS: imports.join(' ') },
    ['worker'],
    (line) => {
      const at = Date.parse(String(line['time']));
      if (line.event !== undefined) onEvent({ event: line.event, at, line });
    },
  );
  setWorkerNice(worker.pid);
  let end: number | NodeJS.Signals | undefined;
  void worker.exited.then((how) => (end = how));
  const { port } = await worker.logged('probe', START_LIMIT_MS);
  await untilReady(await worker.healthUrl());
  return {
    pid: worker.pid,
    signal: (name) => worker.signal(name),
    exited: worker.exited,
    async usage(tidy) {
      const url = `http://127.0.0.1:${String(port)}/${tidy ?? ''}`;
      const answer = await fetch(url).catch((cause: unknown) => {
        const lastLines = worker.log.slice(-3).map((line) => JSON.stringify(line));
        const state = end === undefined ? 'runs' : `ended with ${end}`;
        throw new Error(`no probe: the worker ${state}\n${lastLines.join('\n')}`, { cause });
      });
      const told = (await answer.json()) as Omit<WorkerUsage, keyof ProcessUsage>;
      return { ...readProcessUsage(worker.pid), ...told };
    },
    [Symbol.asyncDispose]: () => worker[Symbol.asyncDispose](),
  };
}

/** The share of the time between two looks in which the event loop was at work. */
export function loopUse(before: WorkerUsage, after: WorkerUsage): number {
  const activeMs = after.activeMs - before.activeMs;
  return activeMs / (activeMs + after.idleMs - before.idleMs);
}

async function untilReady(healthUrl: string): Promise<void> {
  const ask = async (): Promise<boolean> => {
    const answer = await fetch(`${healthUrl}/readyz`).catch(() => undefined);
    return answer?.ok === true;
  };
  const ready = await poll(ask, (ok) => ok, START_LIMIT_MS);
  if (!ready) throw new Error(`the worker was not ready within ${START_LIMIT_MS} ms`);
}
