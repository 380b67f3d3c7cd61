import { borrowCluster, openCluster } from './database/cluster.ts';
import type { Cluster, ClusterAddress } from './database/cluster.ts';
import { openDatabase } from './database/database.ts';
import type { Database, DatabaseOptions } from './database/database.ts';
import { borrowLiveKit, openLiveKit } from './livekit/server.ts';
import type { LiveKit, LiveKitAddress } from './livekit/server.ts';
import { environmentOf } from './environment.ts';
import { openRunFolder } from './process/run-folder.ts';
import { openQueue } from './queue/queue.ts';
import type { Queue } from './queue/queue.ts';
import { openOpenAiSimulator } from './simulators/openai/server.ts';
import type { OpenAiSimulator, OpenAiSimulatorOptions } from './simulators/openai/server.ts';
import { openVoiceParts } from './simulators/voice-parts.ts';
import type { VoiceParts } from './simulators/voice-parts.ts';

/**
 * The stack: everything a worker needs, real where it can be, on 127.0.0.1 alone. One module for
 * demo, development, tests and benches.
 *
 *     await using stack = await openStack();
 *     startWorkerProcess(stack.env);
 *     await stack.database.sql('select * from leases');
 *     await stack.livekit.stop();       // and start() it again, on the same address
 *     stack.queue.faults.failNext('ReceiveMessage', 'ThrottlingException');
 *     await stack.queue.advance(12 * 3_600_000);
 *
 * A test that needs only some parts names them: `openStack({ parts: ['queue', 'database'] })`. Parts
 * that another process of the run has opened are borrowed by their addresses (`shared`).
 */
export interface Stack extends AsyncDisposable {
  /** What a worker needs in its environment to use this stack. */
  readonly env: Readonly<Record<string, string>>;
  readonly livekit: LiveKit;
  readonly queue: Queue;
  /** The PostgreSQL server under `database`. */
  readonly cluster: Cluster;
  readonly database: Database;
  readonly llm: OpenAiSimulator;
  /** Whom bots hear and speak with. */
  readonly voice: VoiceParts;
}

/** The parts of the stack; one that was not asked for throws when it is used. */
export type PartName = 'livekit' | 'queue' | 'database' | 'llm' | 'voice';

/** Parts that run already, in whatever process. */
export interface SharedParts {
  readonly livekit?: LiveKitAddress;
  readonly cluster?: ClusterAddress;
}

/** What to start and how. */
export interface StackOptions {
  /** Default: all. */
  readonly parts?: readonly PartName[];
  readonly shared?: SharedParts;
  readonly database?: DatabaseOptions;
  readonly llm?: OpenAiSimulatorOptions;
}

/**
 * Starts the parts side by side on free ports, after ending what killed runs have left behind.
 * Disposing ends them; so does the end of this process, whatever ends it.
 */
export async function openStack(options: StackOptions = {}): Promise<Stack> {
  const { mark } = await openRunFolder();
  const opened = new AsyncDisposableStack();
  const starting = startParts(options, opened);
  try {
    const [livekit, queue, cluster, database, llm, voice] = await Promise.all(starting);
    return {
      env: { ...environmentOf({ livekit, queue, database, llm, voice }), ...mark },
      get livekit() {
        return given(livekit, 'livekit');
      },
      get queue() {
        return given(queue, 'queue');
      },
      get cluster() {
        return given(cluster, 'database');
      },
      get database() {
        return given(database, 'database');
      },
      get llm() {
        return given(llm, 'llm');
      },
      get voice() {
        return given(voice, 'voice');
      },
      [Symbol.asyncDispose]: () => opened.disposeAsync(),
    };
  } catch (error) {
    await Promise.allSettled(starting);
    await opened.disposeAsync();
    throw error;
  }
}

const ALL: readonly PartName[] = ['livekit', 'queue', 'database', 'llm', 'voice'];

/** Starts what was asked for; what has started is `opened`'s to end, whatever becomes of the rest. */
function startParts(options: StackOptions, opened: AsyncDisposableStack) {
  const { parts = ALL, shared = {} } = options;
  async function open<T extends AsyncDisposable>(
    name: PartName,
    start: () => Promise<T>,
  ): Promise<T | undefined> {
    return parts.includes(name) ? opened.use(await start()) : undefined;
  }
  const cluster = open('database', async () =>
    shared.cluster === undefined ? await openCluster() : borrowCluster(shared.cluster),
  );
  return [
    open('livekit', async () =>
      shared.livekit === undefined ? await openLiveKit() : borrowLiveKit(shared.livekit),
    ),
    open('queue', openQueue),
    cluster,
    open('database', async () => openDatabase(given(await cluster, 'database'), options.database)),
    open('llm', () => openOpenAiSimulator({ provider: 'openrouter', ...options.llm })),
    open('voice', openVoiceParts),
  ] as const;
}

function given<T>(part: T | undefined, name: PartName): T {
  if (part === undefined) throw new Error(`this stack was opened without ${name}`);
  return part;
}
