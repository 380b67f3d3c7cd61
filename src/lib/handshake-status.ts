/** The HTTP status that a websocket's handshake was refused with, of the error that `ws` makes of it. */
export function handshakeStatus(error: unknown): number | undefined {
  const message = error instanceof Error ? error.message : '';
  const status = /Unexpected server response: (\d{3})/.exec(message)?.[1];
  return status === undefined ? undefined : Number(status);
}
