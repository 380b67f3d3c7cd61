import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createServer } from 'vite';
import type { ViteDevServer } from 'vite';
import { openRunFolder } from './process/run-folder.ts';
import { startWorkerProcess } from './worker-process.ts';

/** A page to talk on, in front of a gateway of its own. */
export interface Page extends AsyncDisposable {
  readonly url: string;
  /** The gateway's key, which the page's server adds to what it forwards. */
  readonly apiKey: string;
}

/** How long the gateway may take to listen. */
const START_MS = 20_000;

/**
 * Starts the gateway with `env` and serves `web/` from source, changes included. Requests under `/v1`
 * go on to the gateway with a key that no browser sees.
 */
export async function openPage(env: Readonly<Record<string, string>>): Promise<Page> {
  const opened = new AsyncDisposableStack();
  try {
    const apiKey = randomBytes(24).toString('base64url');
    const gateway = opened.use(
      startWorkerProcess({ ...env, GATEWAY_API_KEYS: apiKey }, ['gateway']),
    );
    const ended = gateway.exited.then((how) => {
      throw new Error(`the gateway ended with ${how}`);
    });
    await Promise.race([gateway.logged('listening', START_MS), ended]);
    const server = await serve(await gateway.healthUrl(), apiKey);
    opened.defer(() => server.close());
    return { url: addressOf(server), apiKey, [Symbol.asyncDispose]: () => opened.disposeAsync() };
  } catch (error) {
    await opened.disposeAsync();
    throw error;
  }
}

async function serve(gatewayUrl: string, apiKey: string): Promise<ViteDevServer> {
  const server = await createServer({
    root: join(import.meta.dirname, '../web'),
    logLevel: 'error',
    // Pages of other runs write theirs at the same time.
    cacheDir: join((await openRunFolder()).path, `vite-${new URL(gatewayUrl).port}`),
    server: {
      host: '127.0.0.1',
      proxy: { '/v1': { target: gatewayUrl, headers: { authorization: `Bearer ${apiKey}` } } },
    },
  });
  try {
    return await server.listen();
  } catch (error) {
    await server.close();
    throw error;
  }
}

function addressOf({ resolvedUrls }: ViteDevServer): string {
  const [url] = resolvedUrls?.local ?? [];
  if (url === undefined) throw new Error('the page’s server has no address');
  return url;
}
