import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startChild } from '../lib/child.ts';
import type { Child } from '../lib/child.ts';
import { openDoor } from '../lib/door.ts';
import type { Door } from '../lib/door.ts';
import { freePort, freeUdpPort } from '../lib/free-port.ts';
import { waitUntil } from '../lib/wait-until.ts';
import type { Run } from '../run.ts';
import { findLiveKitServer } from './binary.ts';

/** A real LiveKit server on loopback. */
export interface LiveKit extends AsyncDisposable {
  /** WebSocket address, through the door. */
  readonly url: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  /** The signal path of every client that uses `url`. */
  readonly door: Door;
  /** Ends the server as a crash does; rooms and participants are gone. */
  stop(): Promise<void>;
  /** Starts it again at the same address. */
  start(): Promise<void>;
}

const API_KEY = 'devkey';
const API_SECRET = 'secret-of-the-embedded-stack-32-bytes';
const START_LIMIT_MS = 15_000;

/** Starts LiveKit on free ports, so that several stacks run side by side. */
export async function openLiveKit(run: Run, say: (line: string) => void): Promise<LiveKit> {
  const program = await findLiveKitServer(say);
  const [port, tcpPort, udpPort] = await Promise.all([freePort(), freePort(), freeUdpPort()]);
  const config = join(run.directory, 'livekit.yaml');
  writeFileSync(config, settings(port, tcpPort, udpPort));
  let server: Child | undefined;
  const start = async (): Promise<void> => {
    server = startChild(program, ['--config', config, '--node-ip', '127.0.0.1'], {
      stopSignal: 'SIGKILL',
    });
    run.own(server.pid);
    const child = server;
    const answers = async (): Promise<boolean> => (await fetch(`http://127.0.0.1:${port}/`)).ok;
    await waitUntil('LiveKit', answers, START_LIMIT_MS, () => child.output());
  };
  const stop = async (): Promise<void> => {
    await server?.[Symbol.asyncDispose]();
    server = undefined;
  };
  await start();
  const door = await openDoor(port);
  return {
    url: `ws://127.0.0.1:${door.port}`,
    apiKey: API_KEY,
    apiSecret: API_SECRET,
    door,
    start,
    stop,
    async [Symbol.asyncDispose]() {
      await Promise.all([stop(), door[Symbol.asyncDispose]()]);
    },
  };
}

/** JSON is YAML too. */
function settings(port: number, tcpPort: number, udpPort: number): string {
  return JSON.stringify({
    port,
    bind_addresses: ['127.0.0.1'],
    rtc: {
      tcp_port: tcpPort,
      udp_port: udpPort,
      use_external_ip: false,
      enable_loopback_candidate: true,
      node_ip: '127.0.0.1',
    },
    keys: { [API_KEY]: API_SECRET },
    logging: { level: 'warn' },
    room: { empty_timeout: 30, departure_timeout: 5 },
  });
}
