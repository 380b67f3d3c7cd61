import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { serveControl } from '../common/control-routes.ts';
import { sendJson } from '../common/http.ts';
import { openHttpServer } from '../common/http-server.ts';
import { serveWebSockets } from '../common/websockets.ts';
import type { Answer, Refusal } from '../common/websockets.ts';
import { makeControl } from './control.ts';
import type { Control } from './control.ts';
import { makeFaults } from './faults.ts';
import type { Faults } from './faults.ts';
import { makeLedger } from './ledger.ts';
import type { Ledger } from './ledger.ts';
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
  /** How many websockets are open to it now. */
  sockets(): number;
}

/** What a provider's wire may use. */
export interface WireDeps {
  readonly settings: () => Settings;
  readonly faults: Faults;
  readonly ledger: Ledger;
}

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
  const control = makeControl({ faults, ledger }, defaults, initial);
  const { settings } = control;
  const wire = makeWire({ settings, faults, ledger });
  const books = {
    name: 'streams',
    list: () => ({ streams: control.streams() }),
    forget: control.forget,
  };
  const http = await openHttpServer(port, async (request, response, url) => {
    if (url.pathname.startsWith('/control/')) {
      return serveControl(control, books, request, response, url);
    }
    await wait(settings().latency.connectMs);
    await wire.request(request, response, url);
  });
  const sockets = serveWebSockets(http.server, MAX_FRAME, async (request, url) => {
    await wait(settings().latency.connectMs);
    return wire.upgrade(request, url);
  });
  return {
    ...control,
    url: `http://${http.host}`,
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

/** Answers a request with a refusal. */
export function sendRefusal(response: ServerResponse, { status, body, headers }: Refusal): void {
  sendJson(response, status, body, headers);
}
