import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { ZodError, prettifyError } from 'zod';
import { sendJson } from './http.ts';
import type { Steering } from './steering.ts';

/** What a simulator keeps account of, as the control names it. */
export interface Books {
  readonly name: string;
  readonly list: (query: URLSearchParams) => object;
  readonly forget: () => void;
}

/**
 * Serves a simulator's control over HTTP, JSON both ways, no key:
 * - `GET /control/settings`, `PATCH /control/settings`
 * - `GET /control/faults`, `POST /control/faults`, `DELETE /control/faults[/id]`
 * - `GET /control/BOOKS`, `DELETE /control/BOOKS` forgets them
 *
 * A body that does not fit is a 400 `{ error }` that says why.
 */
export async function serveControl<S extends object, P, F, I>(
  steering: Steering<S, P, F, I>,
  books: Books,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const [, , subject = '', id] = url.pathname.split('/');
  const routes: Readonly<Record<string, (body: unknown) => object | undefined>> = {
    'GET settings': () => steering.settings(),
    'PATCH settings': (body) => steering.configure(body as P),
    'GET faults': () => steering.faults(),
    'POST faults': (body) => steering.arm(body as I),
    'DELETE faults': () => void steering.disarm(id),
    [`GET ${books.name}`]: () => books.list(url.searchParams),
    [`DELETE ${books.name}`]: () => books.forget() as undefined,
  };
  const route = routes[`${request.method} ${subject}`];
  if (route === undefined) return sendJson(response, 404, { error: 'no such control' });
  try {
    const raw = await text(request);
    const result = route(raw === '' ? undefined : JSON.parse(raw));
    if (result === undefined) response.writeHead(204).end();
    else sendJson(response, 200, result);
  } catch (error) {
    if (!(error instanceof ZodError) && !(error instanceof SyntaxError)) throw error;
    const why = error instanceof ZodError ? prettifyError(error) : error.message;
    sendJson(response, 400, { error: why });
  }
}
