import rateLimit from '@fastify/rate-limit';
import Fastify from 'fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AddressInfo } from 'node:net';
import type { z } from 'zod';
import type { AskMode } from '../ports/ask-mode.ts';
import type { SessionRegistry } from '../ports/session-registry.ts';
import { modeRequest, roomName, sessionRequest } from './api.ts';
import type { CharacterList, OpenedSession, Problem } from './api.ts';
import { makeDoor } from './door.ts';
import type { DoorOptions } from './door.ts';
import { openSession } from './open-session.ts';
import type { OpenSessionDeps } from './open-session.ts';
import { Refusal, toProblem } from './problems.ts';

/** What the gateway answers with. */
export interface GatewayDeps extends OpenSessionDeps {
  readonly sessions: SessionRegistry;
  readonly askMode: AskMode;
  /** What is measured, as Prometheus reads it, and the content type of that. */
  readonly metrics: () => Promise<string>;
  readonly metricsType: string;
}

/** Where it listens, and to whom. */
export interface GatewayOptions extends DoorOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
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
 * Serves the API under `/v1`, and `/metrics`, to bearers of a key, and `/health` and `/livez` to
 * everybody. `signal` cuts the calls behind the requests.
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
    // What cannot even be routed; the framework's own answer would quote it.
    frameworkErrors: (error, _request, reply) => sendProblem(reply, toProblem(error)),
  });
  answerProblems(app, deps);
  // That this is answered is all that a load balancer can use: what all of them share, the database
  // and the queue, is told by the answers to the requests that need it. The image asks for /livez.
  for (const path of ['/health', '/livez']) app.get(path, () => ({ healthy: true }));
  await app.register(rateLimit, { global: false });
  // One for both: a key has one share, and a stranger one number of guesses.
  const door = makeDoor(app, options);
  app.register(
    (v1, _options, done) => {
      v1.addHook('onRequest', door);
      v1.post('/sessions', async ({ body }, reply): Promise<OpenedSession> => {
        const opened = await openSession(deps, readBody(sessionRequest, body), signal);
        reply.code(201);
        return opened;
      });
      v1.put<{ Params: { room: string } }>('/rooms/:room/mode', async ({ params, body }, reply) => {
        const { mode } = readBody(modeRequest, body);
        const { room } = readBody(roomName, params);
        if (!(await deps.askMode(room, mode, signal))) throw nobodyThere();
        return await reply.code(204).send();
      });
      v1.get('/characters', async (): Promise<CharacterList> => ({
        characters: await deps.sessions.listCharacters(MAX_LISTED, signal),
      }));
      done();
    },
    { prefix: '/v1' },
  );
  app.register((scraped, _options, done) => {
    scraped.addHook('onRequest', door);
    scraped.get('/metrics', async (_request, reply) => {
      return await reply.type(deps.metricsType).send(await deps.metrics());
    });
    done();
  });
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
    sendProblem(reply, problem);
  };
  app.setErrorHandler(answer);
  app.setNotFoundHandler((request, reply) => {
    const detail =
      'There are POST /v1/sessions, PUT /v1/rooms/ROOM/mode, GET /v1/characters and GET /health.';
    answer(new Refusal(404, 'not-found', 'Nothing is here', detail), request, reply);
  });
}

function sendProblem(reply: FastifyReply, problem: Problem): void {
  reply.code(problem.status).type('application/problem+json').send(problem);
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
