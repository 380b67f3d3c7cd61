import { checkLiveKit } from '../adapters/livekit/check.ts';
import { checkLlm } from '../adapters/openai/check.ts';
import type { Config } from '../config.ts';
import { isTroupeError } from '../errors.ts';
import { onAbort } from '../lib/abort.ts';
import { systemClock } from '../lib/clock.ts';
import { newId } from '../lib/ids.ts';
import { backoffMs } from '../lib/retry.ts';
import { watchEventLoop } from '../ops/event-loop.ts';
import type { EventLoopWatch } from '../ops/event-loop.ts';
import type { Metrics } from '../ops/metrics.ts';
import { openHealthServer } from '../ops/server.ts';
import type { Health } from '../ops/server.ts';
import type { Observe } from '../ports/observe.ts';
import { runWorker } from '../worker/worker.ts';
import type { Worker } from '../worker/worker.ts';
import { liveKitOptions, makeStartBot } from './bots.ts';
import { openMetering } from './metering.ts';
import { openProcess } from './process.ts';
import type { Shutdown } from './process.ts';
import { llmOptions } from './providers.ts';
import { makeQueue } from './queue.ts';
import { keepRecordings } from './recordings.ts';
import { makeStores } from './stores.ts';
import type { Stores } from './stores.ts';

/**
 * Runs a worker of the fleet until it has drained: because it was asked to end, or to recycle.
 * @throws TroupeError when the database refuses the key or lacks the migrations.
 */
export async function serveQueue(config: Config, shutdown: Shutdown): Promise<void> {
  await using own = await openProcess(config);
  const { worker: name, metrics } = own;
  const stores = makeStores(config);
  await using metering = openMetering(config, stores, own.observe);
  const { observe } = metering;
  using _retention = keepRecordings(config, observe);
  using queue = makeQueue(config);
  let worker: Worker | undefined;
  using loop = watchEventLoop(systemClock);
  await using health = await openHealthServer(
    healthOf(loop, metrics, () => worker),
    { host: config.HTTP_HOST, port: config.HTTP_PORT },
  );
  observe({ type: 'listening', port: health.port });
  await untilDatabaseReady(stores, observe, shutdown.graceful);
  if (shutdown.graceful.aborted) return;

  const running = runWorker(
    {
      queue,
      leases: stores.leases,
      startBot: makeStartBot(config, stores, observe, (failure) => worker?.distrust(failure)),
      probes: {
        database: (signal) => stores.directory.check(signal),
        livekit: (signal) => checkLiveKit(liveKitOptions(config, observe), signal),
        llm: (signal) => checkLlm(llmOptions(config), signal),
      },
      clock: systemClock,
      observe,
      random: Math.random,
      newId,
      rssMb: () => process.memoryUsage.rss() / 2 ** 20,
    },
    {
      worker: name,
      maxRooms: config.MAX_CONCURRENT_ROOMS,
      visibilityMs: config.VISIBILITY_TIMEOUT_S * 1_000,
      waitMs: config.RECEIVE_WAIT_S * 1_000,
      drainTimeoutMs: config.DRAIN_TIMEOUT_MS,
      recycleAfterRooms: config.RECYCLE_AFTER_ROOMS,
      recycleRssMb: config.RECYCLE_RSS_MB,
    },
  );
  worker = running;
  using _drain = onAbort(shutdown.graceful, () => running.drain());
  using _stop = onAbort(shutdown.forced, () => running.stop());
  await running.done;
}

function healthOf(
  loop: EventLoopWatch,
  metrics: Metrics,
  worker: () => Worker | undefined,
): Health {
  const notReady: Health['notReady'] = () =>
    worker()?.notReady() ?? ['starting: the database has not answered yet'];
  return {
    live: loop.turns,
    notReady,
    status: () => worker()?.status() ?? { starting: true },
    metrics() {
      const fleet = { draining: false, maxRooms: 0, rooms: [], ...worker()?.status() };
      return metrics.expose({ ...fleet, ready: notReady().length === 0 });
    },
  };
}

/** A database that is away is waited for; a wrong key or missing migrations are not. */
async function untilDatabaseReady(
  { directory }: Stores,
  observe: Observe,
  signal: AbortSignal,
): Promise<void> {
  for (let attempt = 1; !signal.aborted; attempt += 1) {
    try {
      return await directory.check(signal);
    } catch (error) {
      if (signal.aborted) return;
      if (!isTroupeError(error) || !error.retryable) throw error;
      observe({ type: 'provider-failed', provider: 'database', error });
      const pauseMs = backoffMs({ firstMs: 250, maxMs: 5_000 }, attempt, Math.random());
      await systemClock.delay(pauseMs, signal).catch(() => undefined);
    }
  }
}
