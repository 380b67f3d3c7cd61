import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Gateway } from '../../src/gateway/server.ts';
import type { Observation } from '../../src/ports/observe.ts';
import { openBareGateway } from '../support/bare-gateway.ts';
import { anyJson, HOSTILE_TEXTS, hostileText, mutated } from './hostile.ts';

const KEY = 'a-key-of-the-fuzz-test';
const observed: Observation[] = [];
/** What got behind the door. */
const passed: string[] = [];
let gateway: Gateway;

beforeAll(async () => {
  gateway = await openBareGateway(
    {
      askMode: (room) => {
        passed.push(room);
        return Promise.resolve(true);
      },
      observe: (one) => void observed.push(one),
    },
    { apiKeys: [KEY], requestsPerMinute: 1_000_000 },
  );
});
afterAll(() => gateway[Symbol.asyncDispose]());

async function statusOf(path: string, init: RequestInit): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${gateway.port}${path}`, init);
  const text = await answer.text();
  const isProblem = answer.headers.get('content-type')?.startsWith('application/problem+json');
  expect(text.length).toBeLessThan(1_000);
  // 431: Node refuses the head before anybody reads it.
  if (answer.status >= 400 && answer.status !== 431) expect(isProblem).toBe(true);
  return answer.status;
}

const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };

it('any body is refused as its caller’s fault; nothing is a defect of ours', async () => {
  const bodies = fc.oneof(
    mutated({ characterId: 'mira', name: 'Ada', mode: 'text' }).map((one) => JSON.stringify(one)),
    anyJson.map((one) => JSON.stringify(one)),
    hostileText,
    fc.uint8Array({ maxLength: 50 }),
  );
  const all = fc.sample(bodies, { numRuns: 80, seed: 13 });
  const post = (body: string | Uint8Array<ArrayBuffer>): Promise<number> =>
    statusOf('/v1/sessions', { method: 'POST', headers, body });
  const statuses = await Promise.all(all.map(post));
  expect(statuses.filter((status) => ![400, 413, 415, 422].includes(status))).toEqual([]);
  expect(observed).toEqual([]);
});

it('a room in a path is a plain name, or goes no further', async () => {
  const texts = [...HOSTILE_TEXTS, ...fc.sample(hostileText, { numRuns: 80, seed: 17 })];
  const rooms = texts.filter((text) => text.isWellFormed()).map(encodeURIComponent);
  const put = (room: string): Promise<number> =>
    statusOf(`/v1/rooms/${room}/mode`, { method: 'PUT', headers, body: '{"mode": "text"}' });
  const statuses = await Promise.all(rooms.map(put));
  expect(statuses.filter((status) => ![204, 400, 404, 414, 422, 431].includes(status))).toEqual([]);
  expect(passed.length).toBeGreaterThan(0);
  expect(passed.filter((room) => /\p{Cc}/u.test(room) || room.length > 256)).toEqual([]);
  expect(observed).toEqual([]);
});
