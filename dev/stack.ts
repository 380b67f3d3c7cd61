import { openDatabase } from './database/database.ts';
import type { Database, DatabaseOptions } from './database/database.ts';
import { openPostgres } from './database/postgres.ts';
import type { Postgres } from './database/postgres.ts';
import { openLiveKit } from './livekit/server.ts';
import type { LiveKit } from './livekit/server.ts';
import { openQueueServer } from './queue/server.ts';
import type { QueueServer } from './queue/server.ts';
import { openRun } from './run.ts';
import { openOpenAiSimulator } from './simulators/openai/server.ts';
import type { OpenAiSimulator } from './simulators/openai/server.ts';

/** The parts of the stack. */
export type Part = 'livekit' | 'queue' | 'database' | 'llm';

/** What to start and how. */
export interface StackOptions extends DatabaseOptions {
  /** Default: all. */
  readonly parts?: readonly Part[];
  /** Gets a line about each step that takes long; default: standard error. */
  readonly say?: (line: string) => void;
}

/**
 * The whole stack on loopback, for demo, development, tests and benches:
 *
 *     await using stack = await openStack();
 *     startWorkerProcess(stack.env);
 *
 * A part that was not asked for throws when it is used.
 */
export interface Stack extends AsyncDisposable {
  /** What a worker needs in its environment to use this stack. */
  readonly env: Readonly<Record<string, string>>;
  readonly livekit: LiveKit;
  readonly queue: QueueServer;
  readonly postgres: Postgres;
  readonly database: Database;
  readonly llm: OpenAiSimulator;
  /** A further database in the same cluster, for a test of its own. */
  createDatabase(options?: DatabaseOptions): Promise<Database>;
}

const ALL: readonly Part[] = ['livekit', 'queue', 'database', 'llm'];

/** Starts the parts side by side on free ports. What killed stacks left behind is ended first. */
export async function openStack(options: StackOptions = {}): Promise<Stack> {
  const { parts = ALL, say = (line) => console.error(line) } = options;
  const stack = new AsyncDisposableStack();
  const run = stack.use(openRun());
  const open = async <T extends AsyncDisposable>(
    part: Part,
    start: () => Promise<T>,
  ): Promise<T | undefined> => (parts.includes(part) ? stack.use(await start()) : undefined);
  const started = await Promise.allSettled([
    open('livekit', () => openLiveKit(run, say)),
    open('queue', openQueueServer),
    open('database', () => openPostgres(run)),
    open('llm', () => openOpenAiSimulator({ provider: 'openrouter' })),
  ]);
  const failed = started.find((one) => one.status === 'rejected');
  if (failed !== undefined) {
    await stack.disposeAsync();
    throw failed.reason;
  }
  const [livekit, queue, postgres, llm] = started.map((one) =>
    one.status === 'fulfilled' ? one.value : undefined,
  ) as [
    LiveKit | undefined,
    QueueServer | undefined,
    Postgres | undefined,
    OpenAiSimulator | undefined,
  ];
  const createDatabase = async (more?: DatabaseOptions): Promise<Database> =>
    stack.use(await openDatabase(run, given(postgres, 'database').port, more));
  const database = postgres && (await createDatabase(options));
  return {
    env: environmentOf({ livekit, queue, database, llm }),
    get livekit() {
      return given(livekit, 'livekit');
    },
    get queue() {
      return given(queue, 'queue');
    },
    get postgres() {
      return given(postgres, 'database');
    },
    get database() {
      return given(database, 'database');
    },
    get llm() {
      return given(llm, 'llm');
    },
    createDatabase,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

function given<T>(part: T | undefined, name: Part): T {
  if (part === undefined) throw new Error(`this stack was opened without ${name}`);
  return part;
}

interface Parts {
  readonly livekit: LiveKit | undefined;
  readonly queue: QueueServer | undefined;
  readonly database: Database | undefined;
  readonly llm: OpenAiSimulator | undefined;
}

function environmentOf({ livekit, queue, database, llm }: Parts): Record<string, string> {
  return {
    ...(livekit && {
      LIVEKIT_URL: livekit.url,
      LIVEKIT_API_KEY: livekit.apiKey,
      LIVEKIT_API_SECRET: livekit.apiSecret,
      LIVEKIT_GATHER_ONCE: 'true',
    }),
    ...(queue && {
      SQS_ENDPOINT: queue.endpoint,
      SQS_QUEUE_URL: queue.queueUrl,
      SQS_DLQ_URL: queue.deadLetterUrl,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    }),
    ...(database && { SUPABASE_URL: database.url, SUPABASE_SERVICE_ROLE: database.serviceRoleKey }),
    ...(llm && { LLM_BASE_URL: llm.url, OPENROUTER_API_KEY: llm.apiKey }),
  };
}
