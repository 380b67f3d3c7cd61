import { once } from 'node:events';
import { makeAskMode } from '../adapters/livekit/ask-mode.ts';
import { makeGuestPasses } from '../adapters/livekit/guest-pass.ts';
import type { Config } from '../config.ts';
import { isTroupeError } from '../errors.ts';
import { openGateway } from '../gateway/server.ts';
import { systemClock } from '../lib/clock.ts';
import { newId } from '../lib/ids.ts';
import { METRICS_TYPE } from '../ops/metrics.ts';
import type { Observe } from '../ports/observe.ts';
import { startMessage } from '../worker/activation.ts';
import { openProcess } from './process.ts';
import type { Shutdown } from './process.ts';
import { makeQueue } from './queue.ts';
import { makeStores } from './stores.ts';
import type { Stores } from './stores.ts';

/**
 * Serves the API until it is asked to end; requests that it has begun end first.
 * @throws TroupeError when the database refuses the key or lacks the migrations.
 */
export async function serveGateway(config: Config, shutdown: Shutdown): Promise<void> {
  await using own = await openProcess(config);
  const { observe, metrics } = own;
  const stores = makeStores(config);
  await assertUsable(stores, observe, shutdown.graceful);
  using queue = makeQueue(config);
  const server = {
    url: config.LIVEKIT_URL,
    apiKey: config.LIVEKIT_API_KEY,
    apiSecret: config.LIVEKIT_API_SECRET,
  };
  await using gateway = await openGateway(
    {
      directory: stores.directory,
      sessions: stores.sessions,
      mintGuestPass: makeGuestPasses(server, systemClock),
      askMode: makeAskMode(server),
      enqueue: (start, signal) => queue.send(startMessage(start, newId()), signal),
      clock: systemClock,
      newId,
      observe,
      metrics: () => metrics.expose(),
      metricsType: METRICS_TYPE,
    },
    {
      host: config.HTTP_HOST,
      port: config.HTTP_PORT,
      apiKeys: config.GATEWAY_API_KEYS ?? [],
      requestsPerMinute: config.GATEWAY_REQUESTS_PER_MINUTE,
    },
    shutdown.forced,
  );
  observe({ type: 'listening', port: gateway.port });
  if (!shutdown.graceful.aborted) await once(shutdown.graceful, 'abort');
}

/** A database that is away is told to each caller; a wrong key or missing migrations end the start. */
async function assertUsable(
  { directory }: Stores,
  observe: Observe,
  signal: AbortSignal,
): Promise<void> {
  try {
    await directory.check(signal);
  } catch (error) {
    if (signal.aborted) return;
    if (!isTroupeError(error) || !error.retryable) throw error;
    observe({ type: 'provider-failed', provider: 'database', error });
  }
}
