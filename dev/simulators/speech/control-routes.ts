import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { ZodError, prettifyError } from 'zod';
import type { Control } from './control.ts';
import type { FaultInput, SettingsPatch } from './settings.ts';

/**
 * The control over HTTP, JSON both ways, no key:
 * - `GET /control/settings`, `PATCH /control/settings`
 * - `GET /control/faults`, `POST /control/faults`, `DELETE /control/faults[/id]`
 * - `GET /control/streams`, `DELETE /control/streams` forgets them
 *
 * A body that does not fit is a 400 `{ error }` that says why.
 */
export async function serveControl(
  control: Control,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const [, , subject = '', id] = url.pathname.split('/');
  const route = ROUTES[`${request.method} ${subject}`];
  if (route === undefined) return sendJson(response, 404, { error: 'no such control' });
  try {
    const raw = await text(request);
    const body: unknown = raw === '' ? undefined : JSON.parse(raw);
    const result = route(control, body, id);
    if (result === undefined) response.writeHead(204).end();
    else sendJson(response, 200, result);
  } catch (error) {
    if (!(error instanceof ZodError) && !(error instanceof SyntaxError)) throw error;
    const why = error instanceof ZodError ? prettifyError(error) : error.message;
    sendJson(response, 400, { error: why });
  }
}

/** Answers with a JSON body. */
export function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

type Route = (control: Control, body: unknown, id: string | undefined) => object | undefined;

const ROUTES: Readonly<Record<string, Route>> = {
  'GET settings': (control) => control.settings(),
  'PATCH settings': (control, body) => control.configure(body as SettingsPatch),
  'GET faults': (control) => control.faults(),
  'POST faults': (control, body) => control.arm(body as FaultInput),
  'DELETE faults': (control, _body, id) => void control.disarm(id),
  'GET streams': (control) => ({ streams: control.streams() }),
  'DELETE streams': (control) => control.forget() as undefined,
};
