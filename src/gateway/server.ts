import Fastify from 'fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AddressInfo } from 'node:net';
import type { z } from 'zod';
import type { AskMode } from '../ports/ask-mode.ts';
import type { SessionRegistry } from '../ports/session-registry.ts';
import { modeRequest, sessionRequest } from './api.ts';
import type { CharacterList, OpenedSession } from './api.ts';
import { makeAuthorize } from './authorize.ts';
import { openSession } from './open-session.ts';
import type { OpenSessionDeps } from './open-session.ts';
import { Refusal, toProblem } from './problems.ts';

/** What the gateway answers with. */
export interface GatewayDeps extends OpenSessionDeps {
  readonly sessions: SessionRegistry;
  readonly askMode: AskMode;
}

/** Where it listens, and to whom. */
export interface GatewayOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly apiKeys: readonly string[];
}

/** The running server; disposing it lets the requests that it has begun end first. */
export interface Gateway extends AsyncDisposable {
  readonly port: number;
}

/** The largest body that makes sense. */
const MAX_BODY_BYTES = 4 * 1024;
/** How long a client may take to send one request. */
const REQUEST_LIMIT_MS = 10_000;
const MAX_LISTED = 100;
/** LiveKit's rooms have names of 256 bytes at most, each three characters in a path. */
const MAX_ROOM_CHARACTERS = 768;

/**
 * Serves the API under `/v1` to bearers of a key, and `/health` to everybody. `signal` cuts the calls
 * behind the requests.
 * @throws Error when the address cannot be bound.
 */
export async function openGateway(
  deps: GatewayDeps,
  options: GatewayOptions,
  signal: AbortSignal,
): Promise<Gateway> {
  const app = Fastify({
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_LIMIT_MS,
    routerOptions: { maxParamLength: MAX_ROOM_CHARACTERS },
  });
  answerProblems(app, deps);
  // That this is answered is all that a load balancer can use: what all of them share, the database
  // and the queue, is told by the answers to the requests that need it. The image asks for /livez.
  for (const path of ['/health', '/livez']) app.get(path, () => ({ healthy: true }));
  app.register(
    (v1, _options, done) => {
      v1.addHook('onRequest', requireKey(options.apiKeys));
      v1.post('/sessions', async ({ body }, reply): Promise<OpenedSession> => {
        const opened = await openSession(deps, readBody(sessionRequest, body), signal);
        reply.code(201);
        return opened;
      });
      v1.put<{ Params: { room: string } }>('/rooms/:room/mode', async ({ params, body }, reply) => {
        const { mode } = readBody(modeRequest, body);
        if (!(await deps.askMode(params.room, mode, signal))) throw nobodyThere();
        return await reply.code(204).send();
      });
      v1.get('/characters', async (): Promise<CharacterList> => ({
        characters: await deps.sessions.listCharacters(MAX_LISTED, signal),
      }));
      done();
    },
    { prefix: '/v1' },
  );
  await app.listen({ host: options.host, port: options.port });
  return {
    port: (app.server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () => app.close(),
  };
}

function answerProblems(app: FastifyInstance, { observe }: GatewayDeps): void {
  const answer = (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    const problem = toProblem(error);
    const { status } = problem;
    const route = request.routeOptions.url ?? 'none';
    if (status >= 500) observe({ type: 'request-failed', route, status, error });
    if (status === 503) reply.header('retry-after', '5');
    reply.code(status).type('application/problem+json').send(problem);
  };
  app.setErrorHandler(answer);
  app.setNotFoundHandler((request, reply) => {
    const detail =
      'There are POST /v1/sessions, PUT /v1/rooms/ROOM/mode, GET /v1/characters and GET /health.';
    answer(new Refusal(404, 'not-found', 'Nothing is here', detail), request, reply);
  });
}

/** Asked before the body is read. */
function requireKey(apiKeys: readonly string[]) {
  const authorize = makeAuthorize(apiKeys);
  return async ({ headers }: FastifyRequest, reply: FastifyReply): Promise<void> => {
    // A token opens a room: no cache on the way is to keep it.
    reply.header('cache-control', 'no-store');
    if (authorize(headers.authorization)) return;
    reply.header('www-authenticate', 'Bearer');
    const detail = 'Send Authorization: Bearer KEY with a key of the service.';
    throw new Refusal(401, 'unauthorized', 'No valid key', detail);
  };
}

function nobodyThere(): Refusal {
  const detail = 'No bot is in this room now: open a session, or ask again in a moment.';
  return new Refusal(404, 'no-bot', 'No bot is there', detail);
}

/** @throws Refusal naming each field that is wrong, never its value. */
function readBody<T>(shape: z.ZodType<T>, body: unknown): T {
  const parsed = shape.safeParse(body);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    ({ path, message }) => `${path.join('.') || 'the body'} ${message}`,
  );
  throw new Refusal(422, 'invalid-request', 'Invalid request', `${problems.join('; ')}.`);
}
