import { Agent, createServer, request } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What Supabase puts in front of PostgREST, as far as supabase-js needs it. */
export interface Gateway extends AsyncDisposable {
  readonly port: number;
}

const PREFIX = '/rest/v1';

/** Serves `/rest/v1/…` from PostgREST and makes the `apikey` header the bearer token where none is. */
export async function openGateway(postgrestPort: number): Promise<Gateway> {
  const agent = new Agent({ keepAlive: true });
  const server = createServer((incoming, outgoing) => {
    forward(incoming, outgoing, agent, postgrestPort);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      agent.destroy();
      await closed;
    },
  };
}

function forward(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  agent: Agent,
  port: number,
): void {
  const { url = '', method, headers } = incoming;
  if (!url.startsWith(`${PREFIX}/`)) return refuse(outgoing, 404, 'only /rest/v1 is served');
  if (headers['apikey'] === undefined) return refuse(outgoing, 401, 'No API key found in request');
  const authorization = headers.authorization ?? `Bearer ${String(headers['apikey'])}`;
  const asked = request(
    {
      agent,
      host: '127.0.0.1',
      port,
      method,
      path: url.slice(PREFIX.length),
      headers: { ...headers, authorization },
    },
    (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    },
  );
  asked.on('error', () => refuse(outgoing, 502, 'the database does not answer'));
  outgoing.on('close', () => asked.destroy());
  incoming.pipe(asked);
}

function refuse(outgoing: ServerResponse, status: number, message: string): void {
  if (outgoing.headersSent) return void outgoing.destroy();
  outgoing.writeHead(status, { 'content-type': 'application/json' });
  outgoing.end(JSON.stringify({ message }));
}
