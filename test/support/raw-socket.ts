import { WebSocket } from 'ws';
import { openChanges } from './until.ts';

/** A websocket whose messages are kept: what a client without an SDK sees. */
export interface RawSocket {
  send(message: unknown): void;
  readonly messages: readonly Readonly<Record<string, unknown>>[];
  /** The close code, once it is closed. */
  readonly closed: () => number | undefined;
  /** Resolves once `look` finds something in what came. */
  until<T>(what: string, look: () => T | undefined | false): Promise<T>;
}

/** Opens a socket; rejects with the status of a handshake that was refused. */
export async function openRawSocket(
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<RawSocket> {
  const socket = new WebSocket(url, { headers });
  const messages: Readonly<Record<string, unknown>>[] = [];
  const changes = openChanges();
  let code: number | undefined;
  socket.on('message', (data) => {
    messages.push(JSON.parse((data as Buffer).toString()) as Readonly<Record<string, unknown>>);
    changes.tell();
  });
  socket.on('close', (closedWith) => {
    code = closedWith;
    changes.tell();
  });
  await new Promise((resolve, reject) => {
    socket.on('open', resolve);
    socket.on('error', reject);
  });
  return {
    send: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    messages,
    closed: () => code,
    until: changes.until,
  };
}
