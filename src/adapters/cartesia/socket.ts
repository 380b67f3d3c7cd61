import { connect } from 'node:net';
import type { WebsocketClientEvent, WebsocketResponse } from '@cartesia/cartesia-js/resources/tts';
import type { WebSocket } from 'ws';
import type { TroupeError } from '../../errors.ts';
import { makeError, toConnectionError, toStatusError } from './errors.ts';
import type { CartesiaOptions } from './options.ts';
import { Cartesia, TTSWS } from './sdk.ts';

/** One context's side of the socket. */
export interface ContextListener {
  event(event: WebsocketResponse): void;
  /** The socket is gone; nothing comes any more. */
  lost(error: TroupeError): void;
}

/** A socket that is or was open; every speech of the process shares it. */
export interface Socket {
  isOpen(): boolean;
  /** When it last gave anything, by the clock's monotonic time. */
  heardAtMs(): number;
  /** Routes what names this context until the listener is disposed of. */
  listen(contextId: string, listener: ContextListener): Disposable;
  /** Never throws: on a socket that broke, `lost` tells. */
  send(event: WebsocketClientEvent): void;
  /** Closes it at once; every context is lost. */
  drop(error: TroupeError): void;
}

/** Longest wait for an open socket. */
const CONNECT_LIMIT_MS = 5_000;

/**
 * Connects. The SDK makes request and framing; contexts are routed here, since the SDK's own queues
 * are emptied when it reconnects by itself and wait for ever when the socket closes.
 * @throws TroupeError of service `tts`.
 */
export async function openSocket({ apiKey, baseUrl, clock }: CartesiaOptions): Promise<Socket> {
  const listeners = new Map<string, ContextListener>();
  const tts = new TTSWS(new Cartesia({ apiKey, baseURL: baseUrl }), {
    handshakeTimeout: CONNECT_LIMIT_MS,
    perMessageDeflate: false,
    ...plainConnection(new URL(baseUrl)),
  });
  const socket = tts.socket as WebSocket;
  containBadMessages(socket, (error) => lose(makeError('malformed', error)));
  let heardAt = clock.monotonicMs();
  let failure: TroupeError | undefined;

  function lose(error: TroupeError): void {
    failure ??= error;
    const lost = [...listeners.values()];
    listeners.clear();
    for (const listener of lost) listener.lost(failure);
    socket.terminate();
  }

  tts.on('event', (event) => {
    heardAt = clock.monotonicMs();
    if (event.context_id !== undefined) listeners.get(event.context_id)?.event(event);
    // An error that names no context is the socket's.
    else if (event.type === 'error') lose(toStatusError(event.status_code, event));
  });
  // Without a listener the SDK makes every error an unhandled rejection.
  tts.on('error', (error) => {
    if (error.error !== undefined) return;
    lose(isUnreadable(error) ? makeError('malformed', error) : toConnectionError(error));
  });
  socket.on('close', () => lose(makeError('unavailable')));

  try {
    await tts.connect();
  } catch (error) {
    throw toConnectionError(error);
  }
  return {
    isOpen: () => failure === undefined && socket.readyState === socket.OPEN,
    heardAtMs: () => heardAt,
    listen(contextId, listener) {
      listeners.set(contextId, listener);
      return { [Symbol.dispose]: () => void listeners.delete(contextId) };
    },
    send(event) {
      // On a closed socket the SDK would open another behind our back.
      if (socket.readyState === socket.OPEN) void tts.send(event);
    },
    drop: lose,
  };
}

/**
 * Calls `bad` where a message makes its reader throw. The SDK (4.2.0) decodes the sound of a chunk
 * without looking whether there is any, out of a listener of the socket, which would end the process;
 * ours are called from within it.
 */
function containBadMessages(socket: WebSocket, bad: (error: unknown) => void): void {
  for (const listener of socket.listeners('message')) {
    socket.off('message', listener as () => void);
    socket.on('message', (...message) => {
      try {
        listener.apply(socket, message);
      } catch (error) {
        bad(error);
      }
    });
  }
}

/** The SDK forces TLS whatever the address says; only a connection of one's own is plain. */
function plainConnection({ protocol, hostname, port }: URL) {
  if (protocol !== 'ws:' && protocol !== 'http:') return {};
  return { createConnection: () => connect({ host: hostname, port: Number(port) || 80 }) };
}

function isUnreadable({ message }: Error): boolean {
  return message.includes('could not parse');
}
