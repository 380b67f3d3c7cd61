import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** An address on loopback that leads to a part of the stack and can be shut like a cut cable. */
export interface Door extends AsyncDisposable {
  readonly port: number;
  /** Refuses new connections and cuts those there are. */
  shut(): Promise<void>;
  /** Lets in again, at the same address. */
  open(): Promise<void>;
}

/** Opens a door to a loopback port; a part behind it may come and go. */
export async function openDoor(toPort: number): Promise<Door> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const target = connect(toPort, '127.0.0.1');
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
  });
  const listen = (port: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const shut = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = new Promise((resolve) => server.close(resolve));
    sockets.forEach((socket) => socket.destroy());
    await closed;
  };
  return {
    port,
    shut,
    async open() {
      if (!server.listening) await listen(port);
    },
    [Symbol.asyncDispose]: shut,
  };
}
