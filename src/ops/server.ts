import { createServer } from 'node:http';
import { BlockList, isIPv6 } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Server, ServerResponse } from 'node:http';
import { METRICS_TYPE } from './metrics.ts';

/** What the health server shows; read anew at each request. */
export interface Health {
  /** Whether the event loop turns in time; a process where it does not is to be restarted. */
  live(): boolean;
  /** Why the worker should not be counted on, empty when ready. Being full is no reason. */
  notReady(): readonly string[];
  /** Rooms, phases and lease ages, as JSON. */
  status(): unknown;
  /** What is measured, as Prometheus reads it. */
  metrics(): Promise<string>;
}

/** The running server. */
export interface HealthServer extends AsyncDisposable {
  readonly port: number;
}

/**
 * Serves `/livez`, `/readyz` (503 with the reasons as JSON), `/status` and `/metrics` to GET requests;
 * `/status`, which names rooms, to this machine alone.
 * @throws Error when the address cannot be bound.
 */
export async function openHealthServer(
  health: Health,
  address: { readonly host: string; readonly port: number },
): Promise<HealthServer> {
  const routes = new Map<string, () => Answer | Promise<Answer>>([
    ['/livez', () => (health.live() ? ok({ live: true }) : sick({ live: false }))],
    ['/readyz', () => readiness(health.notReady())],
    ['/status', () => ok(health.status())],
    ['/metrics', async () => ({ status: 200, text: await health.metrics() })],
  ]);
  const server = createServer(
    { requestTimeout: 5_000, headersTimeout: 5_000 },
    ({ url = '', method, socket }, response) => {
      const [path = ''] = url.split('?');
      const route = routes.get(path);
      if (route === undefined) {
        send(response, { status: 404, body: { error: `try ${[...routes.keys()].join(', ')}` } });
      } else if (method !== 'GET') send(response, { status: 405, body: { error: 'only GET' } });
      else if (path === '/status' && !isHere(socket.remoteAddress)) {
        send(response, { status: 403, body: { error: 'only from this machine' } });
      } else void safely(route).then((answer) => send(response, answer));
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

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8);
LOOPBACK.addAddress('::1', 'ipv6');

function isHere(address = ''): boolean {
  return LOOPBACK.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

/** JSON, or the text of metrics. */
type Answer = { readonly status: number } & (
  | { readonly body: unknown }
  | { readonly text: string }
);

const ok = (body: unknown): Answer => ({ status: 200, body });
const sick = (body: unknown): Answer => ({ status: 503, body });

function readiness(why: readonly string[]): Answer {
  return why.length === 0 ? ok({ ready: true, why }) : sick({ ready: false, why });
}

/** Whoever looks must not be able to bring down what he looks at. */
async function safely(route: () => Answer | Promise<Answer>): Promise<Answer> {
  try {
    return await route();
  } catch {
    return { status: 500, body: { error: 'the worker cannot say' } };
  }
}

function send(response: ServerResponse, answer: Answer): void {
  const isText = 'text' in answer;
  response.writeHead(answer.status, {
    'content-type': isText ? METRICS_TYPE : 'application/json',
  });
  response.end(isText ? answer.text : `${JSON.stringify(answer.body)}\n`);
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
