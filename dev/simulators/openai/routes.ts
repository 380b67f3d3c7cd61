import type { IncomingMessage, ServerResponse } from 'node:http';
import { serveCompletion, type CompletionDeps } from './completions.ts';
import { sendJson } from '../common/http.ts';
import { readBody } from './http.ts';
import { listModels, retrieveModel } from './models.ts';
import { Rejection, invalid } from './rejection.ts';
import { nowMs } from '../common/time.ts';

/** One request and its answer. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Below the base URL. */
  readonly path: string;
  /** When its headers were read, in ms since 1970. */
  readonly arrivedAt: number;
}

/** Serves one request of the provider's API; whatever it refuses goes out in the dialect's shape. */
export async function serveApi(
  deps: CompletionDeps,
  { request, response, path, arrivedAt }: Exchange,
): Promise<void> {
  try {
    if (path === '/chat/completions') await completions(deps, request, response, arrivedAt);
    else models(deps, request, response, path);
  } catch (error) {
    if (!(error instanceof Rejection)) throw error;
    const { details } = error;
    sendJson(response, details.status, deps.dialect.errorBody(details), { ...details.headers });
  }
}

async function completions(
  deps: CompletionDeps,
  request: IncomingMessage,
  response: ServerResponse,
  arrivedAt: number,
): Promise<void> {
  if (request.method !== 'POST') throw wrongMethod(request);
  const { ledger } = deps;
  const record = ledger.open(arrivedAt);
  response.once('close', () => ledger.close(record, 'aborted', nowMs()));
  try {
    checkKey(deps, request);
    checkContentType(request);
    await serveCompletion(deps, response, record, await readBody(request));
  } catch (error) {
    if (error instanceof Rejection) {
      record.status = error.details.status;
      record.promptTokens = 0;
      ledger.close(record, 'rejected', nowMs());
    }
    throw error;
  }
}

function models(
  deps: CompletionDeps,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): void {
  const { dialect } = deps;
  const [, collection, id] = path.split('/');
  const known = collection === 'models' && (id === undefined || dialect.ownModels);
  if (!known) throw notFound(request);
  if (request.method !== 'GET') throw wrongMethod(request);
  // A router shows its models to everybody: listing them proves nothing about a key.
  if (dialect.ownModels) checkKey(deps, request);
  const ids = deps.settings().models;
  sendJson(
    response,
    200,
    id === undefined
      ? listModels(dialect, ids)
      : retrieveModel(dialect, ids, decodeURIComponent(id)),
  );
}

function checkKey({ dialect, settings }: CompletionDeps, request: IncomingMessage): void {
  const [, key] = /^Bearer (\S+)$/iu.exec(request.headers.authorization ?? '') ?? [];
  if (key === undefined) throw dialect.refusals.missingKey();
  if (key !== settings().apiKey) throw dialect.refusals.wrongKey(key);
}

function checkContentType({ headers }: IncomingMessage): void {
  const type = headers['content-type'] ?? '';
  if (/^application\/json\b/iu.test(type)) return;
  throw invalid(
    `Unsupported content type: '${type}'. This API method only accepts 'application/json' requests.`,
    undefined,
    'unsupported_content_type',
  );
}

function wrongMethod({ method, url }: IncomingMessage): Rejection {
  return new Rejection({
    status: 405,
    message: `Not allowed to ${method} on ${url}.`,
    code: 'method_not_supported',
  });
}

function notFound({ method, url }: IncomingMessage): Rejection {
  return new Rejection({
    status: 404,
    message: `Invalid URL (${method} ${url})`,
    code: 'unknown_url',
  });
}
