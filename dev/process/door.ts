import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { freePort } from './ports.ts';

/** Another address of a part, for one client whose path to it is to be cut. */
export interface Door extends AsyncDisposable {
  readonly port: number;
  /** Cuts every connection and refuses new ones, like a pulled cable that says so. */
  shut(): Promise<void>;
  /** Lets in again, at the same address. */
  open(): Promise<void>;
}

/** Opens a door to a TCP port on loopback; what is behind it may come and go. */
export async function openDoor(toPort: number): Promise<Door> {
  const port = await freePort();
  const sockets = new Set<Socket>();
  const server = createServer((client) => join(client, connect(toPort, '127.0.0.1'), sockets));
  async function shut(): Promise<void> {
    if (!server.listening) return;
    const closed = new Promise((resolve) => server.close(resolve));
    sockets.forEach((socket) => socket.destroy());
    await closed;
  }
  async function open(): Promise<void> {
    if (!server.listening) await listen(server, port);
  }
  await open();
  return { port, shut, open, [Symbol.asyncDispose]: shut };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Pipes both ways; the end of one is the end of both. */
function join(client: Socket, target: Socket, sockets: Set<Socket>): void {
  for (const [one, other] of [
    [client, target],
    [target, client],
  ] as const) {
    sockets.add(one);
    one.setNoDelay(true);
    one.pipe(other);
    one.on('error', () => other.destroy());
    one.on('close', () => {
      sockets.delete(one);
      other.destroy();
    });
  }
}
