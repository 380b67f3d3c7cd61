import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { prettifyError } from 'zod';
import type { Answer, Refusal } from '../common/websockets.ts';
import { sendRefusal } from '../speech/server.ts';
import type { Wire, WireDeps } from '../speech/server.ts';
import type { OpeningFault } from '../speech/settings.ts';
import { readQuery } from './query.ts';
import { serveStream } from './stream.ts';

/** Deepgram's live API, version 1: everything is asked for in the address of the websocket. */
export function makeDeepgramWire(deps: WireDeps): Wire {
  return {
    async request(_request, response) {
      sendRefusal(response, refusal(404, 'NOT_FOUND', 'Only live streams are served here.'));
    },
    upgrade(request, url): Answer {
      const fault = deps.faults.takeForOpening();
      if (fault === 'hang') return fault;
      if (fault !== undefined) return FAILURES[fault]();
      if (url.pathname !== '/v1/listen') return refusal(404, 'NOT_FOUND', 'No such path.');
      if (keyOf(request) !== deps.settings().apiKey) return FAILURES.unauthorized();
      const query = readQuery(url);
      if (!query.success) {
        return refusal(400, 'INVALID_QUERY_PARAMETER', prettifyError(query.error));
      }
      if (deps.ledger.active() >= deps.settings().concurrency) return FAILURES['rate-limited']();
      return { serve: (socket) => serveStream(deps, query.data, socket) };
    },
  };
}

/** In the header, or as browsers must, who cannot set one, in the second protocol. */
function keyOf({ headers }: IncomingMessage): string | undefined {
  const inHeader = /^(?:Token|Bearer) (.+)$/iu.exec(headers.authorization ?? '')?.[1];
  const [scheme, inProtocol] = (headers['sec-websocket-protocol'] ?? '').split(/, */u);
  return inHeader ?? (scheme === 'token' || scheme === 'bearer' ? inProtocol : undefined);
}

function refusal(status: number, code: string, message: string): Refusal {
  const requestId = randomUUID();
  return {
    status,
    body: { err_code: code, err_msg: message, request_id: requestId },
    headers: { 'dg-request-id': requestId, 'dg-error': message.replaceAll(/\s+/gu, ' ') },
  };
}

const FAILURES: Readonly<Record<Exclude<OpeningFault, 'hang'>, () => Refusal>> = {
  unauthorized: () => refusal(401, 'INVALID_AUTH', 'Invalid credentials.'),
  'rate-limited': () => refusal(429, 'TOO_MANY_REQUESTS', 'Too many requests.'),
  unavailable: () => refusal(503, 'SERVICE_UNAVAILABLE', 'Service unavailable.'),
};
