import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { urlOf } from './http-server.ts';

/** Why something is refused, as HTTP says it. */
export interface Refusal {
  readonly status: number;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** How a handshake is answered; `hang`: not at all. */
export type Answer = Refusal | 'hang' | { readonly serve: (socket: WebSocket) => void };

/** The connections of a server that became websockets, or ask to; disposing breaks them all at once. */
export interface WebSockets extends Disposable {
  /** How many are open now. */
  count(): number;
}

/** Answers a server's websocket handshakes. */
export function serveWebSockets(
  server: Server,
  maxPayload: number,
  judge: (request: IncomingMessage, url: URL) => Promise<Answer>,
): WebSockets {
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload });
  const streams = new Set<Duplex>();

  async function upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): Promise<void> {
    const answer = await judge(request, urlOf(request));
    if (answer === 'hang') return;
    if ('status' in answer) refuse(stream, answer);
    else sockets.handleUpgrade(request, stream, head, answer.serve);
  }

  server.on('upgrade', (request, stream, head) => {
    streams.add(stream);
    stream.on('error', () => stream.destroy());
    stream.on('close', () => streams.delete(stream));
    upgrade(request, stream, head).catch(() => stream.destroy());
  });
  return {
    count: () => streams.size,
    [Symbol.dispose]() {
      for (const stream of streams) stream.destroy();
    },
  };
}

function refuse(stream: Duplex, { status, body, headers }: Refusal): void {
  const text = JSON.stringify(body);
  const all = {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
    Connection: 'close',
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  stream.end(`HTTP/1.1 ${status} Refused\r\n${lines.join('')}\r\n${text}`);
}
