import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, vi } from 'vitest';
import { makeAskMode } from '../../src/adapters/livekit/ask-mode.ts';
import { makeGuestPasses } from '../../src/adapters/livekit/guest-pass.ts';
import { makeSqsQueue } from '../../src/adapters/sqs/queue.ts';
import { makeSupabase } from '../../src/adapters/supabase/client.ts';
import { makeDirectory } from '../../src/adapters/supabase/directory.ts';
import { makeSessionRegistry } from '../../src/adapters/supabase/session-registry.ts';
import { openGateway } from '../../src/gateway/server.ts';
import type { Gateway } from '../../src/gateway/server.ts';
import { systemClock } from '../../src/lib/clock.ts';
import type { Observation } from '../../src/ports/observe.ts';
import { startMessage } from '../../src/worker/activation.ts';
import type { Stack, StackOptions } from '../../dev/stack.ts';
import { useStack } from '../support/stack.ts';

/** A gateway over the real parts, and how a caller talks with it. */
export interface GatewayWorld {
  readonly stack: Stack;
  readonly port: number;
  /** What it told, oldest first. */
  readonly observed: readonly Observation[];
  /** Asks with the right key, unless `headers` say otherwise. */
  ask(path: string, request?: RequestInit): Promise<Answer>;
  /** Asks for a session. */
  open(wish: unknown): Promise<Answer>;
  /** The messages on the queue, taken off it. */
  messages(): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

export const KEY = 'the-key-of-the-tests';
export const OTHER_KEY = 'another-key-of-the-tests';

/** A gateway for this test file, over the parts that it names ({@link useStack}). */
export function useGateway(
  options: StackOptions = {},
  requestsPerMinute = 10_000,
): () => GatewayWorld {
  const stack = useStack({ parts: ['livekit', 'queue', 'database'], ...options });
  let world: GatewayWorld | undefined;
  let gateway: Gateway | undefined;
  beforeAll(async () => {
    // The queue's SDK reads its credentials from the environment.
    vi.stubEnv('AWS_ACCESS_KEY_ID', stack().queue.accessKeyId);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', stack().queue.secretAccessKey);
    const observed: Observation[] = [];
    gateway = await startGateway(stack(), observed, requestsPerMinute);
    world = describeWorld(stack(), gateway, observed);
  });
  afterAll(() => gateway?.[Symbol.asyncDispose]());
  return () => {
    if (world === undefined) throw new Error('the gateway is there only within tests');
    return world;
  };
}

async function startGateway(
  stack: Stack,
  observed: Observation[],
  requestsPerMinute: number,
): Promise<Gateway> {
  const supabase = makeSupabase(stack.database);
  const queue = queueOf(stack);
  return await openGateway(
    {
      directory: makeDirectory(supabase),
      sessions: makeSessionRegistry(supabase),
      mintGuestPass: makeGuestPasses(stack.livekit, systemClock),
      askMode: makeAskMode(stack.livekit),
      enqueue: (start, signal) => queue.send(startMessage(start, randomUUID()), signal),
      clock: systemClock,
      newId: randomUUID,
      observe: (one) => void observed.push(one),
      metrics: () => Promise.resolve('troupe_slots 0\n'),
      metricsType: 'text/plain; version=0.0.4',
    },
    { host: '127.0.0.1', port: 0, apiKeys: [OTHER_KEY, KEY], requestsPerMinute },
    new AbortController().signal,
  );
}

function queueOf({ queue }: Stack) {
  const { queueUrl, endpoint } = queue;
  return makeSqsQueue({ queueUrl, endpoint, region: 'us-east-1' });
}

function describeWorld(
  stack: Stack,
  { port }: Gateway,
  observed: readonly Observation[],
): GatewayWorld {
  const ask: GatewayWorld['ask'] = async (path, { headers, ...request } = {}) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      ...request,
      headers: { authorization: `Bearer ${KEY}`, ...(headers as Record<string, string>) },
    });
    const text = await answer.text();
    const body = (text === '' ? {} : JSON.parse(text)) as Answer['body'];
    return { status: answer.status, headers: answer.headers, body };
  };
  return {
    stack,
    port,
    observed,
    ask,
    open: (wish) =>
      ask('/v1/sessions', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(wish),
      }),
    async messages() {
      using queue = queueOf(stack);
      const found: Readonly<Record<string, unknown>>[] = [];
      for (;;) {
        const request = { waitMs: 0, visibilityMs: 30_000, attemptId: randomUUID() };
        const delivery = await queue.receive(request, new AbortController().signal);
        if (delivery === undefined) return found;
        found.push(JSON.parse(delivery.body) as Readonly<Record<string, unknown>>);
        await queue.delete(delivery.receiptHandle);
      }
    },
  };
}
