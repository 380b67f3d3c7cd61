import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Gateway } from '../../src/gateway/server.ts';
import { openBareGateway } from '../support/bare-gateway.ts';

const KEY = 'a-key-of-the-tests';
const METRICS_TYPE = 'text/plain; version=9';
let gateway: Gateway;

beforeAll(async () => {
  gateway = await openBareGateway(
    { metrics: () => Promise.resolve('troupe_slots 0\n'), metricsType: METRICS_TYPE },
    { apiKeys: [KEY], requestsPerMinute: 3 },
  );
});
afterAll(() => gateway[Symbol.asyncDispose]());

const ask = (path: string, key: string): Promise<Response> =>
  fetch(`http://127.0.0.1:${gateway.port}${path}`, { headers: { authorization: `Bearer ${key}` } });

it('gives a key one share, of the API and the metrics together', async () => {
  expect((await ask('/metrics', KEY)).headers.get('content-type')).toBe(METRICS_TYPE);
  expect((await ask('/v1/characters', KEY)).status).toBe(200);
  expect((await ask('/metrics', KEY)).status).toBe(200);
  expect((await ask('/v1/characters', KEY)).status).toBe(429);
  expect((await ask('/metrics', KEY)).status).toBe(429);
});

it('lets a stranger guess so often, wherever he does', async () => {
  const paths = Array.from({ length: 62 }, (_, at) =>
    at % 2 === 0 ? '/metrics' : '/v1/characters',
  );
  const statuses = await Promise.all(
    paths.map(async (path) => (await ask(path, 'a-guess-of-a-stranger')).status),
  );
  expect(statuses.filter((status) => status === 429)).toHaveLength(2);
});
