import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { makeControl, type Control } from './control.ts';
import { serveControl } from './control-routes.ts';
import { makeFaults } from './faults.ts';
import { makeLedger } from './ledger.ts';
import { openAiDialect } from './openai-dialect.ts';
import { openRouterDialect } from './openrouter-dialect.ts';
import { serveApi } from './routes.ts';
import type { SettingsPatch } from './settings.ts';
import { nowMs, waitWhileOpen } from './time.ts';

/** How the simulator starts; the settings can be changed later through its control. */
export interface OpenAiSimulatorOptions extends SettingsPatch {
  /** Loopback port; a free one when left out. */
  readonly port?: number;
  /** Whose wire is spoken. Default: OpenAI's, the stricter one. */
  readonly provider?: 'openai' | 'openrouter';
}

/** A running simulator; disposing it closes every connection at once. */
export interface OpenAiSimulator extends Control, AsyncDisposable {
  /** Base URL for an SDK: `http://127.0.0.1:PORT/v1`. */
  readonly url: string;
  /** Base URL of the control over HTTP: `http://127.0.0.1:PORT/control`. */
  readonly controlUrl: string;
  /** The key it takes now. */
  readonly apiKey: string;
}

/**
 * Starts an LLM provider on 127.0.0.1 that speaks streaming and plain chat completions to the
 * official SDK, keeps its books, and goes wrong on command. Throws when the port is taken.
 */
export async function openOpenAiSimulator(
  options: OpenAiSimulatorOptions = {},
): Promise<OpenAiSimulator> {
  const { port = 0, provider = 'openai', ...settings } = options;
  const dialect = provider === 'openai' ? openAiDialect : openRouterDialect;
  const faults = makeFaults();
  const ledger = makeLedger(dialect.idPrefix);
  const control = makeControl({ faults, ledger }, settings);
  const readyAt = new WeakMap<Socket, number>();
  const deps = { dialect, faults, ledger, settings: control.settings };

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (url.pathname.startsWith('/control/')) {
      return serveControl(control, request, response, url);
    }
    const arrivedAt = nowMs();
    const connecting = (readyAt.get(request.socket) ?? 0) - arrivedAt;
    if (!(await waitWhileOpen(response, connecting))) return;
    const path = url.pathname.startsWith('/v1/') ? url.pathname.slice(3) : '';
    await serveApi(deps, { request, response, path, arrivedAt });
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: Error) => response.destroy(error));
  });
  server.on('connection', (socket) => {
    readyAt.set(socket, nowMs() + control.settings().latency.connectMs);
  });
  await listen(server, port);
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    ...control,
    url: `${origin}/v1`,
    controlUrl: `${origin}/control`,
    get apiKey() {
      return control.settings().apiKey;
    },
    async [Symbol.asyncDispose]() {
      if (!server.listening) return;
      const closed = new Promise((resolve) => server.once('close', resolve));
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function listen(server: ReturnType<typeof createServer>, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}
