import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { serveControl } from '../common/control-routes.ts';
import { openHttpServer } from '../common/http-server.ts';
import { makeControl, type Control } from './control.ts';
import { makeFaults } from './faults.ts';
import { makeLedger } from './ledger.ts';
import { openAiDialect } from './openai-dialect.ts';
import { openRouterDialect } from './openrouter-dialect.ts';
import { serveApi } from './routes.ts';
import type { SettingsPatch } from './settings.ts';
import { nowMs } from '../common/time.ts';
import { waitWhileOpen } from './time.ts';

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

  const books = {
    name: 'requests',
    list: (query: URLSearchParams) => ({
      totals: control.totals(),
      requests: control.requests(query.get('match') ?? undefined),
    }),
    forget: control.forget,
  };

  async function serve(
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
  ): Promise<void> {
    if (url.pathname.startsWith('/control/')) {
      return serveControl(control, books, request, response, url);
    }
    const arrivedAt = nowMs();
    const connecting = (readyAt.get(request.socket) ?? 0) - arrivedAt;
    if (!(await waitWhileOpen(response, connecting))) return;
    const path = url.pathname.startsWith('/v1/') ? url.pathname.slice(3) : '';
    await serveApi(deps, { request, response, path, arrivedAt });
  }

  const { server, host, [Symbol.asyncDispose]: close } = await openHttpServer(port, serve);
  server.on('connection', (socket) => {
    readyAt.set(socket, nowMs() + control.settings().latency.connectMs);
  });
  return {
    ...control,
    url: `http://${host}/v1`,
    controlUrl: `http://${host}/control`,
    get apiKey() {
      return control.settings().apiKey;
    },
    [Symbol.asyncDispose]: close,
  };
}
