import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, vi } from 'vitest';
import type { Stack, StackOptions } from '../../dev/stack.ts';
import { startWorkerProcess } from '../../dev/worker-process.ts';
import type { WorkerProcess } from '../../dev/worker-process.ts';
import { eventually } from './eventually.ts';
import { openFleetQueue } from './fleet-queue.ts';
import type { FleetQueue } from './fleet-queue.ts';
import { describeRoom } from './fleet-room.ts';
import type { FleetRoom } from './fleet-room.ts';
import { useStack } from './stack.ts';

type Env = Readonly<Record<string, string>>;

/** Workers, each a process of its own, over one stack, with rooms to serve. */
export interface Fleet {
  readonly stack: Stack;
  readonly queue: FleetQueue;
  /** Starts a worker; `env` goes on top of the stack's and of {@link FAST}. */
  startWorker(env?: Env): FleetWorker;
  /** Starts a worker and waits until it is ready. */
  openWorker(env?: Env): Promise<FleetWorker>;
  /** Runs a command of the command line to its end. */
  run(args: readonly string[], env?: Env): Promise<CommandRun>;
  /** Ends every worker, without waiting for its rooms. */
  endWorkers(): Promise<void>;
  /** The worker that the lease of `room` names. */
  holderOf(room: FleetRoom): Promise<FleetWorker>;
  /** A room of a new name, with a session in which Mira plays. */
  openRoom(label: string): Promise<FleetRoom>;
  /** Moves the clocks of queue and database forward: in the queue every lease lapses by it. */
  passTime(ms: number): Promise<void>;
}

/** A worker of the fleet. */
export interface FleetWorker extends WorkerProcess {
  /** As leases and logs call it. */
  readonly name: string;
  /** Why it is not ready; empty when it is. */
  notReady(): Promise<readonly string[]>;
  /** The reasons as soon as one of them is like `reason`. */
  notReadyFor(reason: RegExp, limitMs?: number): Promise<readonly string[]>;
  ready(limitMs?: number): Promise<unknown>;
  /** Resolves when its bot has come into the room. */
  joins(room: FleetRoom, limitMs?: number): Promise<unknown>;
  /** What it shows of a room that it serves. */
  statusOf(room: string): Promise<RoomStatus | undefined>;
}

/** A room in `/status`. */
export interface RoomStatus {
  readonly room: string;
  readonly epoch: number;
  readonly phase: 'starting' | 'talking' | 'handing-over' | 'leaving';
  readonly humans: number;
}

/** What a command did. */
export interface CommandRun {
  readonly code: number | NodeJS.Signals;
  /** Everything it wrote, on either stream. */
  readonly output: string;
}

/** Times that let a test see a takeover in seconds; no room ends by itself while nobody is there. */
const FAST: Env = {
  VISIBILITY_TIMEOUT_S: '3',
  RECEIVE_WAIT_S: '1',
  IDLE_TIMEOUT_MS: '0',
  DEPARTURE_GRACE_MS: '300',
  CHARACTER_CACHE_TTL_MS: '0',
  LLM_FIRST_TOKEN_TIMEOUT_MS: '2000',
  LLM_TOKEN_GAP_TIMEOUT_MS: '2000',
  LOG_LEVEL: 'debug',
};

const TEST_LIMIT_MS = 60_000;
const LIMIT_MS = 20_000;
const END_LIMIT_MS = 8_000;

/** A fleet for this test file, over a stack for this file ({@link useStack}). */
export function useFleet(options: StackOptions = {}): () => Fleet {
  // Takeovers take seconds, and starting a process takes several where others are at work.
  vi.setConfig({ testTimeout: TEST_LIMIT_MS });
  const stack = useStack(options);
  const workers: FleetWorker[] = [];
  let fleet: (Fleet & Disposable) | undefined;
  beforeAll(async () => {
    fleet = openFleet(stack(), workers);
    await castMira(stack());
  });
  beforeEach(({ onTestFailed }) => {
    const begunAt = Date.now();
    onTestFailed(() => workers.forEach((worker) => tellLog(worker, begunAt)));
  });
  afterAll(async () => {
    await fleet?.endWorkers();
    fleet?.[Symbol.dispose]();
  });
  return () => {
    if (fleet === undefined) throw new Error('the fleet is there only within tests');
    return fleet;
  };
}

function openFleet(stack: Stack, workers: FleetWorker[]): Fleet & Disposable {
  const queue = openFleetQueue(stack.queue);
  let aheadMs = 0;
  const startWorker = (env: Env = {}): FleetWorker => {
    const name = `worker-${workers.length + 1}`;
    const worker = describeWorker(
      name,
      startWorkerProcess({ ...stack.env, ...FAST, WORKER_NAME: name, ...env }, ['worker'], ignore),
    );
    workers.push(worker);
    return worker;
  };
  return {
    stack,
    queue,
    startWorker,
    async openWorker(env) {
      const worker = startWorker(env);
      await worker.ready();
      return worker;
    },
    async run(args, env = {}) {
      await using command = startWorkerProcess({ ...stack.env, ...FAST, ...env }, args, ignore);
      const code = await command.exited;
      return { code, output: command.log.map(({ message }) => message).join('\n') };
    },
    async endWorkers() {
      await Promise.all(workers.map(endInPeace));
    },
    async holderOf(room) {
      const row = await room.leaseThat('live', ({ status }) => status === 'live');
      const holder = workers.find(({ name }) => name === row.worker);
      if (holder === undefined) throw new Error(`no worker of this fleet is ${row.worker}`);
      return holder;
    },
    async openRoom(label) {
      const name = `${label}-${randomUUID().slice(0, 8)}`;
      await stack.database.sql(`insert into sessions (id, character_id) values ($1, 'mira')`, [
        name,
      ]);
      return describeRoom({ stack, queue }, name);
    },
    async passTime(ms) {
      aheadMs += ms;
      await stack.database.sql(`
        create or replace function public.troupe_now() returns timestamptz
        language sql volatile set search_path = ''
        as $$ select clock_timestamp() + interval '${aheadMs} milliseconds' $$`);
      await stack.queue.advance(ms);
    },
    [Symbol.dispose]: () => queue[Symbol.dispose](),
  };
}

function describeWorker(name: string, worker: WorkerProcess): FleetWorker {
  const ask = async (path: string): Promise<Record<string, unknown>> => {
    const answer = await fetch(`${await worker.healthUrl()}${path}`);
    return (await answer.json()) as Record<string, unknown>;
  };
  const notReady = async (): Promise<readonly string[]> =>
    (await ask('/readyz'))['why'] as readonly string[];
  return {
    ...worker,
    name,
    notReady,
    ready: (limitMs = LIMIT_MS) =>
      eventually(`${name} to be ready`, async () => (await notReady()).length === 0, limitMs),
    notReadyFor: (reason, limitMs = LIMIT_MS) =>
      eventually(
        `${name} to be not ready for ${reason}`,
        async () => {
          const why = await notReady();
          return why.some((one) => reason.test(one)) && why;
        },
        limitMs,
      ),
    joins: (room, limitMs = LIMIT_MS) =>
      worker.logged('room-joined', limitMs, (line) => line['room'] === room.name),
    async statusOf(name) {
      const { rooms } = (await ask('/status')) as { rooms: readonly RoomStatus[] };
      return rooms.find(({ room }) => room === name);
    },
  };
}

async function castMira({ database }: Stack): Promise<void> {
  await database.sql(
    `insert into characters (id, name, description)
     values ('mira', 'Mira', 'You are Mira, a friendly host.')`,
  );
}

const TOLD_LINES = 60;

/** What a worker logged during the test that failed: a failure on another machine has nothing else to tell. */
function tellLog({ name, log }: FleetWorker, since: number): void {
  const lines = log
    .filter(({ time }) => typeof time !== 'string' || Date.parse(time) >= since)
    .slice(-TOLD_LINES)
    .map((line) => `  ${JSON.stringify(line).slice(0, 400)}`);
  console.error([`${name} logged:`, ...lines].join('\n'));
}

/** By a second signal, which waits for no room. Ended so, a worker still tells its coverage. */
async function endInPeace(worker: FleetWorker): Promise<void> {
  const { exited } = worker;
  const draining = worker.logged('drain-started', END_LIMIT_MS).catch(() => undefined);
  worker.signal('SIGCONT');
  worker.signal('SIGTERM');
  await Promise.race([exited, draining]);
  worker.signal('SIGTERM');
  await Promise.race([exited, sleep(END_LIMIT_MS, undefined, { ref: false })]);
  await worker[Symbol.asyncDispose]();
}

/** The log is kept; nobody reads along. */
function ignore(): void {}
