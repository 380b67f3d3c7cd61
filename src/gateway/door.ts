import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { makeAuthorize } from './authorize.ts';
import { Refusal } from './problems.ts';

/** Who may come in, and how often. */
export interface DoorOptions {
  readonly apiKeys: readonly string[];
  /** Of one key, in this process. */
  readonly requestsPerMinute: number;
}

const MINUTE_MS = 60_000;
/** More wrong keys a minute than anybody sends by mistake. */
const REFUSED_PER_MINUTE = 60;

/**
 * Makes the hook that lets bearers of a key in, before the body is read. Each key has a share of its
 * own. Addresses are counted only by requests without a valid key: behind a proxy all callers have
 * one, and no stranger there is to lock them out. Guessing stays hopeless, since a key has at least
 * 16 characters. Needs `@fastify/rate-limit` registered in `app`.
 */
export function makeDoor(
  app: FastifyInstance,
  { apiKeys, requestsPerMinute }: DoorOptions,
): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
  const keyOf = makeAuthorize(apiKeys);
  const byKey = app.createRateLimit({
    max: requestsPerMinute,
    timeWindow: MINUTE_MS,
    keyGenerator: ({ headers }) => String(keyOf(headers.authorization)),
  });
  // An address of IPv6 counts as its network of 64 bits, which one caller has as a whole.
  const byAddress = app.createRateLimit({ max: REFUSED_PER_MINUTE, timeWindow: MINUTE_MS });
  return async (request, reply) => {
    // A token opens a room: no cache on the way is to keep it.
    reply.header('cache-control', 'no-store');
    const known = keyOf(request.headers.authorization) !== undefined;
    const count = await (known ? byKey : byAddress)(request);
    if (!count.isAllowed && count.isExceeded) {
      reply.header('retry-after', String(count.ttlInSeconds));
      throw tooMany(count.max, count.ttlInSeconds);
    }
    if (known) return;
    reply.header('www-authenticate', 'Bearer');
    const detail = 'Send Authorization: Bearer KEY with a key of the service.';
    throw new Refusal(401, 'unauthorized', 'No valid key', detail);
  };
}

function tooMany(most: number, seconds: number): Refusal {
  const detail = `No more than ${most} such requests a minute are taken; ask again in ${seconds} s.`;
  return new Refusal(429, 'too-many-requests', 'Too many requests', detail);
}
