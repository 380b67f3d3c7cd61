import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Server, ServerResponse } from 'node:http';

/** What the health server shows; read anew at each request. */
export interface Health {
  /** Whether the event loop and the parts that cannot recover by themselves are well. */
  live(): boolean;
  /** Why the worker should not be counted on, empty when ready. Being full is no reason. */
  notReady(): readonly string[];
  /** Rooms, phases and lease ages, as JSON. */
  status(): unknown;
}

/** The running server. */
export interface HealthServer extends AsyncDisposable {
  readonly port: number;
}

/**
 * Serves `/livez`, `/readyz` (503 with the reasons as JSON) and `/status` to GET requests.
 * @throws Error when the address cannot be bound.
 */
export async function openHealthServer(
  health: Health,
  address: { readonly host: string; readonly port: number },
): Promise<HealthServer> {
  const routes: Readonly<Record<string, (response: ServerResponse) => void>> = {
    '/livez': (response) => {
      const live = health.live();
      answer(response, live ? 200 : 503, { live });
    },
    '/readyz': (response) => {
      const why = health.notReady();
      answer(response, why.length === 0 ? 200 : 503, { ready: why.length === 0, why });
    },
    '/status': (response) => answer(response, 200, health.status()),
  };
  const server = createServer(
    { requestTimeout: 5_000, headersTimeout: 5_000 },
    (request, response) => {
      const route = routes[request.url?.split('?')[0] ?? ''];
      if (route === undefined)
        return answer(response, 404, { error: `try ${Object.keys(routes).join(', ')}` });
      if (request.method !== 'GET') return answer(response, 405, { error: 'only GET' });
      route(response);
    },
  );
  await listen(server, address);
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      if (!server.listening) return;
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(body)}\n`);
}

function listen(server: Server, address: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(address.port, address.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
