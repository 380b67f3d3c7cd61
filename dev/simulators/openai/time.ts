import type { ServerResponse } from 'node:http';

/** Waits `ms`; false at once when the client goes away first. */
export function waitWhileOpen(response: ServerResponse, ms: number): Promise<boolean> {
  if (response.destroyed) return Promise.resolve(false);
  if (ms <= 0) return Promise.resolve(true);
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      response.off('close', onClose);
      resolve(true);
    }, ms);
    function onClose(): void {
      clearTimeout(timer);
      resolve(false);
    }
    response.once('close', onClose);
  });
}
