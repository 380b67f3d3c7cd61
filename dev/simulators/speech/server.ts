import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
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
import type { Settings, SettingsPatch } from './settings.ts';

/** How a simulator starts; the settings can be changed later through its control. */
export interface SimulatorOptions extends SettingsPatch {
  /** Loopback port; a free one when left out. */
  readonly port?: number;
}

/** A running simulator; disposing it closes every connection at once. */
export interface SpeechSimulator extends Control, AsyncDisposable {
  /** Base URL for an SDK: `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** Base URL of the control over HTTP: `http://127.0.0.1:PORT/control`. */
  readonly controlUrl: string;
  /** The key it takes now. */
  readonly apiKey: string;
}

/** What a provider's wire may use. */
export interface WireDeps {
  readonly settings: () => Settings;
  readonly faults: Faults;
  readonly ledger: Ledger;
}

/** Why something is refused, as HTTP says it. */
export interface Refusal {
  readonly status: number;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** How a handshake is answered; `hang`: not at all. */
export type Answer = Refusal | 'hang' | { readonly serve: (socket: WebSocket) => void };

/** One provider's wire. */
export interface Wire {
  /** Serves a plain request. */
  request(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void>;
  /** Judges a handshake. */
  upgrade(request: IncomingMessage, url: URL): Answer;
}

/** What tells one provider from another. */
export interface Provider {
  readonly defaults: Settings;
  readonly makeWire: (deps: WireDeps) => Wire;
}

/** Starts a speech-to-text provider on 127.0.0.1. Throws when the port is taken. */
export async function openSpeechSimulator(
  { defaults, makeWire }: Provider,
  { port = 0, ...initial }: SimulatorOptions,
): Promise<SpeechSimulator> {
  const faults = makeFaults();
  const ledger = makeLedger();
  const control = makeControl(
    { faults, ledger },
    withPatch(defaults, settingsPatchSchema.parse(initial)),
  );
  const { settings } = control;
  const wire = makeWire({ settings, faults, ledger });
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: 1 << 20,
  });
  const streams = new Set<Duplex>();

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (url.pathname.startsWith('/control/')) {
      return serveControl(control, request, response, url);
    }
    await wait(settings().latency.connectMs);
    await wire.request(request, response, url);
  }

  async function upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): Promise<void> {
    await wait(settings().latency.connectMs);
    const answer = wire.upgrade(request, new URL(request.url ?? '/', 'http://127.0.0.1'));
    if (answer === 'hang') return;
    if ('status' in answer) return refuse(stream, answer);
    sockets.handleUpgrade(request, stream, head, answer.serve);
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: Error) => response.destroy(error));
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
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    ...control,
    url,
    controlUrl: `${url}/control`,
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

/** Answers a request with a refusal. */
export function sendRefusal(response: ServerResponse, { status, body, headers }: Refusal): void {
  for (const [name, value] of Object.entries(headers ?? {})) response.setHeader(name, value);
  sendJson(response, status, body);
}

function refuse(stream: Duplex, { status, body, headers }: Refusal): void {
  const text = JSON.stringify(body);
  const all = {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
    Connection: 'close',
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  stream.end(`HTTP/1.1 ${status} Refused\r\n${lines.join('')}\r\n${text}`);
}
