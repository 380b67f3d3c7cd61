import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { OTHER_KEY, useGateway } from './gateway-world.ts';
import type { Answer } from './gateway-world.ts';

const PER_MINUTE = 5;
const gateway = useGateway({ parts: ['livekit', 'queue', 'database'] }, PER_MINUTE);

afterEach(() => void vi.useRealTimers());

const begun = Date.now();
let minutes = 0;

/** A later minute, in which nobody has asked yet. */
function nextMinute(): void {
  minutes += 1;
  vi.useFakeTimers({ toFake: ['Date'], now: begun + minutes * 61_000 });
}

const ask = (authorization?: string): Promise<Answer> =>
  gateway().ask(
    '/v1/characters',
    authorization === undefined ? {} : { headers: { authorization } },
  );

async function statusesOf(times: number, authorization?: string): Promise<readonly number[]> {
  const answers = await Promise.all(Array.from({ length: times }, () => ask(authorization)));
  return answers.map(({ status }) => status).toSorted((one, other) => one - other);
}

describe('the door', () => {
  it('takes so many requests of a key, tells when to come again, and then takes them again', async () => {
    nextMinute();
    expect(await statusesOf(PER_MINUTE + 2)).toEqual([200, 200, 200, 200, 200, 429, 429]);
    const { status, headers, body } = await ask();
    expect(status).toBe(429);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(60);
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(body).toMatchObject({ type: 'urn:troupe:too-many-requests', status: 429 });
    expect(body['detail']).toMatch(/^No more than 5 such requests a minute .* again in \d+ s\.$/);
    nextMinute();
    expect((await ask()).status).toBe(200);
  });

  it('counts each key for itself, on all routes together', async () => {
    nextMinute();
    await statusesOf(PER_MINUTE);
    expect((await gateway().open({ characterId: 'nobody' })).status).toBe(429);
    expect((await ask(`Bearer ${OTHER_KEY}`)).status).toBe(200);
  });

  it('counts an address by its wrong keys, and locks no valid one out for them', async () => {
    nextMinute();
    const statuses = await statusesOf(62, 'Bearer a-guess-of-a-stranger');
    expect(statuses.filter((status) => status === 401)).toHaveLength(60);
    expect(statuses.filter((status) => status === 429)).toHaveLength(2);
    expect((await ask()).status).toBe(200);
  });

  it('shows its health however often it is asked', async () => {
    const answers = await Promise.all(
      Array.from({ length: 100 }, () =>
        gateway().ask('/health', { headers: { authorization: '' } }),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  });

  it.each(['/v1/%E0%A4%A', '/v1/%ff%fe', '/%00/canary%'])(
    'answers what is no address with a problem that does not quote it: %s',
    async (path) => {
      const { status, headers, body } = await gateway().ask(path);
      expect(status).toBe(400);
      expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(JSON.stringify(body)).not.toContain('%');
    },
  );

  it('closes a connection that is no HTTP', async () => {
    const socket = connect({ host: '127.0.0.1', port: gateway().port });
    socket.end('\u0016\u0003\u0001 hello\r\n\r\n');
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 /);
  });
});
