import type { WebSocket } from 'ws';

/** Calls `close` once a connection has not heard from its client for `idleMs()`. */
export function watchIdle(socket: WebSocket, idleMs: () => number, close: () => void): void {
  let timer = setTimeout(close, idleMs());
  socket.on('message', () => {
    clearTimeout(timer);
    timer = setTimeout(close, idleMs());
  });
  socket.on('close', () => clearTimeout(timer));
}
