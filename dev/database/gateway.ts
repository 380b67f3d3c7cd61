import { Agent, createServer, request as openRequest } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { openListener } from '../process/listener.ts';
import type { Listener } from '../process/listener.ts';

/** What the gateway does to requests instead of, or before, passing them on. */
export interface Interference {
  readonly delayMs?: number;
  /** Answer with this status, as a gateway in front of a sick project does. */
  readonly status?: number;
}

/** Supabase's front door on loopback. */
export interface Gateway extends Listener {
  /** From now on; `{}` ends it. */
  interfere(how: Interference): void;
}

/**
 * Makes a plain PostgREST a Supabase project: supabase-js asks under `/rest/v1` with its key in
 * `apikey`; only the project's own `keys` are let in.
 */
export async function openGateway(
  postgrestPort: number,
  keys: readonly string[],
): Promise<Gateway> {
  const agent = new Agent({ keepAlive: true });
  let interference: Interference = {};

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { delayMs = 0, status } = interference;
    if (delayMs > 0) await sleep(delayMs);
    const key = String(request.headers.apikey ?? '');
    if (status !== undefined) return refuse(response, status, 'Service Temporarily Unavailable');
    if (!keys.includes(key)) return refuse(response, 401, 'Invalid API key');
    if (request.url?.startsWith(PREFIX) !== true) return refuse(response, 404, 'Not Found');
    pass(request, response, key);
  }

  function pass(request: IncomingMessage, response: ServerResponse, key: string): void {
    const upstream = openRequest({
      agent,
      host: '127.0.0.1',
      port: postgrestPort,
      method: request.method,
      path: request.url?.slice(PREFIX.length - 1),
      headers: { authorization: `Bearer ${key}`, ...request.headers },
    });
    upstream.once('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
      answer.once('error', () => response.destroy());
    });
    upstream.once('error', () => {
      if (response.headersSent) response.destroy();
      else refuse(response, 502, 'Bad Gateway');
    });
    response.once('close', () => upstream.destroy());
    request.pipe(upstream);
  }

  const listener = await openListener(
    createServer((request, response) => {
      serve(request, response).catch((error: Error) => response.destroy(error));
    }),
  );
  return {
    ...listener,
    interfere: (how) => void (interference = how),
    async [Symbol.asyncDispose]() {
      await listener[Symbol.asyncDispose]();
      agent.destroy();
    },
  };
}

const PREFIX = '/rest/v1/';

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ message }));
}
