import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** A way to a server on which what clients send is kept. */
export interface RecordingPath extends AsyncDisposable {
  /** The address that it stands for, by way of this path. */
  readonly url: string;
  /** Every request's line and headers, of HTTP/1.1 in clear. */
  heads(): readonly string[];
  /** Everything that clients sent, bodies and all. */
  sent(): string;
}

/** Opens a TCP path on 127.0.0.1 to the server of `address`. */
export async function openRecordingPath(address: string): Promise<RecordingPath> {
  const { hostname: host, port } = new URL(address);
  const sockets = new Set<Socket>();
  const recordings: Buffer[][] = [];
  const server = createServer((client) => {
    const recording: Buffer[] = [];
    recordings.push(recording);
    client.on('data', (chunk: Buffer) => recording.push(chunk));
    const there = connect({ host, port: Number(port) });
    for (const [one, other] of [
      [client, there],
      [there, client],
    ] as const) {
      sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => sockets.delete(one));
      one.pipe(other);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const ours = (server.address() as AddressInfo).port;
  const sent = (): readonly string[] => recordings.map((all) => Buffer.concat(all).toString());
  return {
    // As the address was spelled: URL would add a slash.
    url: address.replace(`:${port}`, `:${ours}`),
    heads: () => sent().flatMap((text) => text.match(HEAD) ?? []),
    sent: () => sent().join('\n'),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A request's line, its header lines, and the empty line behind them (RFC 9112, 2.1). */
const HEAD = /(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) \S+ HTTP\/1\.1\r\n(?:[^\r\n]+\r\n)*\r\n/g;
