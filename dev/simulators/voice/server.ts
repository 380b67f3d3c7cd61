import type { IncomingMessage } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { WebSocket } from 'ws';
import { serveControl } from '../common/control-routes.ts';
import { sendJson } from '../common/http.ts';
import { openHttpServer } from '../common/http-server.ts';
import { serveWebSockets } from '../common/websockets.ts';
import type { Refusal } from '../common/websockets.ts';
import { makeControl } from './control.ts';
import type { Control } from './control.ts';
import { makeFaults } from './faults.ts';
import type { Faults } from './faults.ts';
import { makeLedger } from './ledger.ts';
import type { Ledger } from './ledger.ts';
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
  /** How many websockets are open to it now. */
  sockets(): number;
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
  const control = makeControl({ faults, ledger }, wire.defaults, initial);
  const { settings } = control;
  const books = {
    name: 'speeches',
    list: () => ({ connections: control.connections(), speeches: control.speeches() }),
    forget: control.forget,
  };
  const http = await openHttpServer(port, async (request, response, url) => {
    if (url.pathname.startsWith('/control/')) {
      return serveControl(control, books, request, response, url);
    }
    sendJson(response, 426, { error: 'only a websocket is served here' });
  });
  const sockets = serveWebSockets(http.server, MAX_FRAME, async (request, url) => {
    await wait(settings().latency.connectMs);
    const fault = faults.takeForConnection();
    if (fault === 'hang') return fault;
    const refusal = fault === undefined ? wire.refuse(request, url, settings()) : wire.fail(fault);
    if (refusal !== undefined) return refusal;
    return {
      serve: (socket) =>
        wire.serve({ number: ledger.connect(), socket, url, settings, faults, ledger }),
    };
  });
  return {
    ...control,
    url: `ws://${http.host}`,
    controlUrl: `http://${http.host}/control`,
    get apiKey() {
      return settings().apiKey;
    },
    sockets: () => sockets.count(),
    async [Symbol.asyncDispose]() {
      sockets[Symbol.dispose]();
      await http[Symbol.asyncDispose]();
    },
  };
}

const MAX_FRAME = 1 << 20;
