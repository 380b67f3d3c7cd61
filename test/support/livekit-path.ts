import { onTestFinished } from 'vitest';
import { openProxy } from '../../dev/process/proxy.ts';
import type { Proxy } from '../../dev/process/proxy.ts';
import type { LiveKitServer } from '../../src/adapters/livekit/options.ts';
import { livekitServer } from './livekit-server.ts';

/** A way to the shared LiveKit server, which a test can cut for one of its clients. */
export interface LiveKitPath {
  /** Stands in the signal path; what goes over UDP does not pass here. */
  readonly proxy: Proxy;
  /** The server as that client knows it. */
  readonly server: LiveKitServer;
}

/** Opens one until the test is over. */
export async function openLiveKitPath(): Promise<LiveKitPath> {
  const { hostname, port } = new URL(livekitServer().url);
  const proxy = await openProxy({ host: hostname, port: Number(port) });
  onTestFinished(() => proxy[Symbol.asyncDispose]());
  return { proxy, server: { ...livekitServer(), url: `ws://127.0.0.1:${proxy.port}` } };
}
