import type { Server } from 'node:http';
import type { Part } from './part.ts';
import { freePort } from './ports.ts';

/** An HTTP server of ours on loopback that can go away and come back. */
export interface Listener extends Part, AsyncDisposable {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
}

/** Lets `server` listen on `port`, else a free one. While it is stopped, connections are refused. */
export async function openListener(server: Server, chosenPort?: number): Promise<Listener> {
  const port = chosenPort ?? (await freePort());
  server.keepAliveTimeout = 60_000;

  function start(): Promise<void> {
    if (server.listening) return Promise.resolve();
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => {
        server.off('error', reject);
        resolve();
      });
    });
  }
  async function stop(): Promise<void> {
    if (!server.listening) return;
    const closed = new Promise((resolve) => server.once('close', resolve));
    server.close();
    server.closeAllConnections();
    await closed;
  }

  await start();
  return { url: `http://127.0.0.1:${port}`, start, stop, [Symbol.asyncDispose]: stop };
}
