import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { makeControl } from './control.ts';
import type { Control } from './control.ts';
import { sendJson, serveControl } from './control-routes.ts';
import { makeFaults } from './faults.ts';
import type { Faults } from './faults.ts';
import { makeLedger } from './ledger.ts';
import type { Ledger } from './ledger.ts';
import { settingsPatchSchema, withPatch } from './settings.ts';
import type { ConnectionFault, Settings, SettingsPatch } from './settings.ts';

/** How a simulator starts; the settings can be changed later through its control. */
export interface SimulatorOptions extends SettingsPatch {
  /** Loopback port; a free one when left out. */
  readonly port?: number;
}

/** A running simulator; disposing it closes every connection at once. */
export interface VoiceSimulator extends Control, AsyncDisposable {
  /** `ws://127.0.0.1:PORT` */
  readonly url: string;
  /** Base URL of the control over HTTP: `http://127.0.0.1:PORT/control`. */
  readonly controlUrl: string;
  /** The key it takes now. */
  readonly apiKey: string;
}

/** Why a connection is not opened, as HTTP says it. */
export interface Refusal {
  readonly status: number;
  readonly body: object;
}

/** What one open connection may use. */
export interface Connection {
  readonly number: number;
  readonly socket: WebSocket;
  readonly url: URL;
  readonly settings: () => Settings;
  readonly faults: Faults;
  readonly ledger: Ledger;
}

/** What tells one provider from another. */
export interface Wire {
  readonly defaults: Settings;
  /** Judges a handshake; `undefined` lets it in. */
  refuse(request: IncomingMessage, url: URL, settings: Settings): Refusal | undefined;
  /** How an armed fault looks in a handshake. */
  fail(fault: Exclude<ConnectionFault, 'hang'>): Refusal;
  serve(connection: Connection): void;
}

/** Starts a text-to-speech provider on 127.0.0.1. Throws when the port is taken. */
export async function openVoiceSimulator(
  wire: Wire,
  { port = 0, ...initial }: SimulatorOptions,
): Promise<VoiceSimulator> {
  const faults = makeFaults();
  const ledger = makeLedger();
  const control = makeControl(
    { faults, ledger },
    withPatch(wire.defaults, settingsPatchSchema.parse(initial)),
  );
  const { settings } = control;
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  const streams = new Set<Duplex>();

  async function upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    await wait(settings().latency.connectMs);
    const fault = faults.takeForConnection();
    if (fault === 'hang') return;
    const refusal = fault === undefined ? wire.refuse(request, url, settings()) : wire.fail(fault);
    if (refusal !== undefined) return answer(stream, refusal);
    sockets.handleUpgrade(request, stream, head, (socket) => {
      wire.serve({ number: ledger.connect(), socket, url, settings, faults, ledger });
    });
  }

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (!url.pathname.startsWith('/control/')) {
      return sendJson(response, 426, { error: 'only a websocket is served here' });
    }
    serveControl(control, request, response, url).catch((error: Error) => response.destroy(error));
  });
  server.on('upgrade', (request, stream, head) => {
    streams.add(stream);
    stream.on('error', () => stream.destroy());
    stream.on('close', () => streams.delete(stream));
    upgrade(request, stream, head).catch(() => stream.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    ...control,
    url: `ws://${address}`,
    controlUrl: `http://${address}/control`,
    get apiKey() {
      return settings().apiKey;
    },
    async [Symbol.asyncDispose]() {
      if (!server.listening) return;
      const closed = new Promise((resolve) => server.once('close', resolve));
      server.close();
      for (const stream of streams) stream.destroy();
      server.closeAllConnections();
      await closed;
    },
  };
}

function answer(stream: Duplex, { status, body }: Refusal): void {
  const text = JSON.stringify(body);
  stream.end(
    `HTTP/1.1 ${status} Refused\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`,
  );
}
