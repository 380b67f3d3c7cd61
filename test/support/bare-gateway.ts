import { openGateway } from '../../src/gateway/server.ts';
import type { Gateway, GatewayDeps, GatewayOptions } from '../../src/gateway/server.ts';
import { systemClock } from '../../src/lib/clock.ts';

/** A gateway on loopback with nothing behind it that works but what `deps` bring. */
export async function openBareGateway(
  deps: Partial<GatewayDeps>,
  options: Pick<GatewayOptions, 'apiKeys' | 'requestsPerMinute'>,
): Promise<Gateway> {
  const bare: GatewayDeps = {
    directory: { loadCharacter: () => Promise.resolve(undefined) },
    sessions: {
      add: () => Promise.resolve('s'),
      remove: () => Promise.resolve(),
      listCharacters: () => Promise.resolve([]),
    },
    mintGuestPass: () => Promise.reject(new Error('nobody is let in')),
    askMode: () => Promise.resolve(true),
    enqueue: () => Promise.resolve(),
    clock: systemClock,
    newId: () => 'id',
    observe: () => undefined,
    metrics: () => Promise.resolve(''),
    metricsType: 'text/plain',
    ...deps,
  };
  const at = { host: '127.0.0.1', port: 0, ...options };
  return await openGateway(bare, at, new AbortController().signal);
}
