import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startChild, untilReady } from '../process/child.ts';
import type { Child } from '../process/child.ts';
import { borrowedPart } from '../process/part.ts';
import type { Part } from '../process/part.ts';
import { freePort } from '../process/ports.ts';
import { openRunFolder } from '../process/run-folder.ts';
import { findLiveKitServer } from './binary.ts';

/** Where a LiveKit server is and the key it takes. */
export interface LiveKitAddress {
  /** `ws://127.0.0.1:PORT`; the server API answers on the same port over http. */
  readonly url: string;
  readonly apiKey: string;
  readonly apiSecret: string;
}

/** A LiveKit server of our own, on loopback only. */
export interface LiveKit extends LiveKitAddress, Part, AsyncDisposable {
  /** The end of what it logged: warnings and errors. */
  output(): string;
}

/** Starts the real LiveKit server on free ports; ready when its HTTP side answers. */
export async function openLiveKit(): Promise<LiveKit> {
  const [command, folder, port] = await Promise.all([
    findLiveKitServer(),
    openRunFolder(),
    freePort(),
  ]);
  const configFile = join(folder.path, `livekit-${port}.json`);
  writeFileSync(configFile, JSON.stringify(await makeConfig(port)));
  let child: Child | undefined;

  async function start(): Promise<void> {
    if (child?.running === true) return;
    child = await startChild({ name: 'LiveKit', command, args: ['--config', configFile] });
    await untilReady('the LiveKit server', child, () => answers(`http://127.0.0.1:${port}/`));
  }
  async function stop(): Promise<void> {
    await child?.end();
  }

  await start();
  return {
    url: `ws://127.0.0.1:${port}`,
    apiKey: API_KEY,
    apiSecret: API_SECRET,
    output: () => child?.output() ?? '',
    start,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** A server that another process started: it can be used, not stopped. */
export function borrowLiveKit(address: LiveKitAddress): LiveKit {
  const { url, apiKey, apiSecret } = address;
  return { url, apiKey, apiSecret, output: () => '', ...borrowedPart('LiveKit') };
}

const API_KEY = 'devkey';
const API_SECRET = 'a-secret-for-loopback-only-32-characters';

/** The server's configuration (its config-sample.yaml); JSON is YAML too. */
async function makeConfig(port: number): Promise<object> {
  return {
    port,
    bind_addresses: ['127.0.0.1'],
    keys: { [API_KEY]: API_SECRET },
    logging: { level: 'warn', pion_level: 'error' },
    rtc: {
      // Media over TCP would listen on all addresses.
      tcp_port: 0,
      udp_port: await freePort('udp'),
      node_ip: '127.0.0.1',
      interfaces: { includes: ['lo'] },
      enable_loopback_candidate: true,
      // With none named, the server sends its clients to public ones; nobody listens on this one. A
      // browser gathers no candidates at all where it is sent to a low port that is not STUN's.
      stun_servers: ['127.0.0.1:3478'],
    },
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(1_000) })).ok;
  } catch {
    return false;
  }
}
