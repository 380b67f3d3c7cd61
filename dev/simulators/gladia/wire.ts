import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { sendJson } from '../common/http.ts';
import type { Answer, Refusal } from '../common/websockets.ts';
import { sendRefusal } from '../speech/server.ts';
import type { Wire, WireDeps } from '../speech/server.ts';
import type { OpeningFault } from '../speech/settings.ts';
import { liveRequestSchema } from './request.ts';
import { openSession } from './session.ts';
import type { Session } from './session.ts';

/** Gladia's live API, version 2: a session is asked for by HTTP and served by websocket. */
export function makeGladiaWire(deps: WireDeps): Wire {
  const sessions = new Map<string, Session | 'ended'>();

  async function create(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const fault = deps.faults.takeForOpening();
    if (fault === 'hang') return;
    const refused = fault === undefined ? judge(deps, request) : failureOf(fault);
    if (refused !== undefined) return sendRefusal(response, refused);
    const parsed = liveRequestSchema.safeParse(parseJson(body));
    if (!parsed.success) {
      const errors = parsed.error.issues.map(
        ({ path, message }) => `${path.map(String).join('.')}: ${message}`,
      );
      return sendRefusal(response, refusal(400, 'Invalid parameter(s)', errors));
    }
    const session = openSession(deps, parsed.data, () => sessions.set(session.token, 'ended'));
    sessions.set(session.token, session);
    const { id, createdAt, token } = session;
    const url = `ws://${request.headers.host}/v2/live?token=${token}`;
    sendJson(response, 201, { id, created_at: createdAt, url });
  }

  return {
    async request(request, response, url) {
      if (url.pathname === '/v2/live' && request.method === 'POST')
        return create(request, response);
      sendRefusal(response, refusal(404, `Cannot ${request.method} ${url.pathname}`));
    },
    upgrade(_request, url): Answer {
      const session = sessions.get(url.searchParams.get('token') ?? '');
      if (url.pathname !== '/v2/live') return refusal(404, 'Not found');
      if (session === undefined) return refusal(401, 'Invalid token');
      // As seen: the handshake of an ended session is taken, then the socket is closed.
      if (session === 'ended') return { serve: (socket) => socket.close(4_403, 'Session ended') };
      return { serve: (socket) => session.attach(socket) };
    },
  };
}

function judge({ settings, ledger }: WireDeps, request: IncomingMessage): Refusal | undefined {
  if (request.headers['x-gladia-key'] !== settings().apiKey) return failureOf('unauthorized');
  if (ledger.active() >= settings().concurrency) return failureOf('rate-limited');
  return undefined;
}

function failureOf(fault: Exclude<OpeningFault, 'hang'>): Refusal {
  if (fault === 'unauthorized') return refusal(401, 'gladia key not found');
  if (fault === 'unavailable') return refusal(503, 'Service unavailable');
  return refusal(429, 'Maximum number of concurrent sessions reached');
}

function refusal(status: number, message: string, errors?: readonly string[]): Refusal {
  return {
    status,
    body: {
      statusCode: status,
      message,
      request_id: `G-${randomUUID().slice(0, 8)}`,
      ...(errors !== undefined && { validation_errors: errors }),
    },
  };
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
