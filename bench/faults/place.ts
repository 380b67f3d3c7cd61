import { rmSync, writeFileSync } from 'node:fs';
import { setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { openProxy } from '../../dev/process/proxy.ts';
import type { Proxy } from '../../dev/process/proxy.ts';
import type { Stack } from '../../dev/stack.ts';
import { startWorkerProcess } from '../../dev/worker-process.ts';
import type { WorkerLogLine, WorkerProcess } from '../../dev/worker-process.ts';
import { COMPILE_CACHE } from './compile-cache.ts';
import type { PathName } from './kinds.ts';

/** A worker's place in the fleet: a pod's name, in which one process follows another. */
export interface Place extends AsyncDisposable {
  /** `w1` */
  readonly name: string;
  /** Its own ways to the parts; a part with a second provider has two. */
  readonly paths: Readonly<Record<PathName, readonly Proxy[]>>;
  /** Who stands there now. */
  worker(): Standing;
  /** Starts the next one; the one before is left to its end. */
  start(): Standing;
  /** Steps the wall clock of whoever stands there to so many ms beside the true time. */
  stepClock(ms: number): void;
}

/** A worker in its place. */
export interface Standing {
  /** `w1.3`, as leases, logs and the model's book call it. */
  readonly name: string;
  readonly process: WorkerProcess;
  /** Address of its health server, once it listens; asked for early, since logs are kept in part. */
  readonly health: { url: string | undefined };
  /** What the campaign has done to end it: a worker that drains ends in order, with 0. */
  readonly fate: { done: 'nothing' | 'drained' | 'killed' };
}

/** A worker's place whose processes report each line of their logs, and their ends. */
export interface Watchers {
  readonly onLine: (worker: string, line: WorkerLogLine) => void;
  readonly onExit: (standing: Standing, how: number | NodeJS.Signals) => void;
}

const PRELOAD = new URL('./worker-preload.ts', import.meta.url).href;

/** What all workers of a campaign have in common. */
const SETTINGS: Readonly<Record<string, string>> = {
  VISIBILITY_TIMEOUT_S: '10',
  RECEIVE_WAIT_S: '2',
  MAX_CONCURRENT_ROOMS: '30',
  IDLE_TIMEOUT_MS: '30000',
  DEPARTURE_GRACE_MS: '2000',
  DRAIN_TIMEOUT_MS: '10000',
  CONTEXT_TOKENS: '900',
  LLM_FIRST_TOKEN_TIMEOUT_MS: '3000',
  LLM_TOKEN_GAP_TIMEOUT_MS: '3000',
  LOG_LEVEL: 'debug',
  // As the image sets them: glibc's further arenas keep what was freed, and a worker that is started
  // again compiles nothing.
  MALLOC_ARENA_MAX: '1',
  NODE_COMPILE_CACHE: COMPILE_CACHE,
};

/** Opens a place with all its paths; nobody stands there yet. */
export async function openPlace(stack: Stack, name: string, watchers: Watchers): Promise<Place> {
  await using opening = new AsyncDisposableStack();
  const open = async (url: string): Promise<Proxy> => {
    const { hostname, port } = new URL(url);
    return opening.use(await openProxy({ host: hostname, port: Number(port) }));
  };
  const { env, voice } = stack;
  const paths = {
    queue: [await open(stack.queue.endpoint)],
    database: [await open(stack.database.url)],
    livekit: [await open(stack.livekit.url)],
    llm: [await open(stack.llm.url)],
    stt: [await open(voice.gladia.url), await open(voice.deepgram.url)],
    tts: [await open(voice.cartesia.url), await open(voice.elevenlabs.url)],
  };
  const through = (variable: string, proxy: Proxy | undefined): Record<string, string> => {
    const url = new URL(env[variable] ?? '');
    url.port = String(proxy?.port);
    return { [variable]: url.href.replace(/\/$/, '') };
  };
  const clockFile = join(tmpdir(), `troupe-clock-${process.pid}-${name}`);
  const ways: Readonly<Record<string, string>> = {
    ...env,
    ...SETTINGS,
    ...through('SQS_ENDPOINT', paths.queue[0]),
    ...through('SUPABASE_URL', paths.database[0]),
    ...through('LIVEKIT_URL', paths.livekit[0]),
    ...through('LLM_BASE_URL', paths.llm[0]),
    ...through('GLADIA_URL', paths.stt[0]),
    ...through('DEEPGRAM_URL', paths.stt[1]),
    ...through('CARTESIA_URL', paths.tts[0]),
    ...through('ELEVENLABS_URL', paths.tts[1]),
    CLOCK_FILE: clockFile,
    NODE_OPTIONS: `--import ${PRELOAD}`,
  };
  const opened = opening.move();
  const started: Standing[] = [];

  function start(): Standing {
    const worker = `${name}.${started.length + 1}`;
    // The model's book tells by its name who asked.
    const model = modelOf(worker);
    stack.llm.configure({ models: [...stack.llm.settings().models, model] });
    const standing: Standing = {
      name: worker,
      fate: { done: 'nothing' },
      health: { url: undefined },
      process: startWorkerProcess(
        { ...ways, WORKER_NAME: worker, LLM_MODEL: model },
        ['worker'],
        (line) => {
          if (line.event === 'listening') {
            standing.health.url = `http://127.0.0.1:${String(line['port'])}`;
          }
          watchers.onLine(worker, line);
        },
      ),
    };
    started.push(standing);
    setPriority(standing.process.pid, 0);
    void seeEnd(standing);
    return standing;
  }
  async function seeEnd(standing: Standing): Promise<void> {
    watchers.onExit(standing, await standing.process.exited);
    // As a pod's container is started again.
    if (standing.fate.done === 'nothing' && standing === started.at(-1)) start();
  }
  function current(): Standing {
    const standing = started.at(-1);
    if (standing === undefined) throw new Error(`nobody stands at ${name} yet`);
    return standing;
  }

  return {
    name,
    paths,
    start,
    worker: current,
    stepClock(ms) {
      writeFileSync(clockFile, String(ms));
      current().process.signal('SIGUSR2');
    },
    async [Symbol.asyncDispose]() {
      for (const { fate, process } of started) {
        fate.done = 'killed';
        await process[Symbol.asyncDispose]();
      }
      rmSync(clockFile, { force: true });
      await opened.disposeAsync();
    },
  };
}

/** The name of the model that a worker asks for. */
function modelOf(worker: string): string {
  return `${MODEL_OF}${worker}`;
}

/** Who asked for a model; undefined where it is nobody's of a campaign. */
export function workerOf(model: string): string | undefined {
  return model.startsWith(MODEL_OF) ? model.slice(MODEL_OF.length) : undefined;
}

const MODEL_OF = 'simulated/model-of-';
