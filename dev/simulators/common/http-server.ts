import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An HTTP server on 127.0.0.1; disposing it closes every connection at once. */
export interface HttpServer extends AsyncDisposable {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  readonly server: Server;
}

/** Serves requests on a loopback port, a free one for 0. Throws when the port is taken. */
export async function openHttpServer(
  port: number,
  serve: (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void>,
): Promise<HttpServer> {
  const server = createServer((request, response) => {
    serve(request, response, urlOf(request)).catch((error: Error) => response.destroy(error));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
  return {
    server,
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      if (!server.listening) return;
      const closed = new Promise((resolve) => server.once('close', resolve));
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** What was asked for, whatever the client calls us. */
export function urlOf(request: IncomingMessage): URL {
  return new URL(request.url ?? '/', 'http://127.0.0.1');
}
