import { TokenVerifier } from 'livekit-server-sdk';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { OpenedSession } from '../../src/gateway/api.ts';
import { KEY, useGateway } from './gateway-world.ts';
import type { Answer } from './gateway-world.ts';

const gateway = useGateway();

beforeAll(async () => {
  await gateway().stack.database.sql(
    `insert into characters (id, name, description) values
       ('mira', 'Mira', 'You are Mira.'), ('mute', 'Mute', ''), ('7', 'Seven', 'You are Seven.')`,
  );
});

function sessions() {
  return gateway().stack.database.sql('select id, character_id, chat_lines from sessions');
}

async function claimsOf({ token }: OpenedSession) {
  const { apiKey, apiSecret } = gateway().stack.livekit;
  return await new TokenVerifier(apiKey, apiSecret).verify(token);
}

describe('POST /v1/sessions', () => {
  it('makes a row, a message for the fleet and a token for that room alone', async () => {
    const { status, headers, body } = await gateway().open({
      characterId: 'mira',
      name: ' Ada ',
      mode: 'text',
    });
    expect(status).toBe(201);
    expect(headers.get('cache-control')).toBe('no-store');
    const opened = body as unknown as OpenedSession;
    expect(await sessions()).toEqual([
      { id: opened.sessionId, character_id: 'mira', chat_lines: false },
    ]);
    expect(await gateway().messages()).toEqual([
      {
        roomName: opened.room,
        sessionId: opened.sessionId,
        mode: 'text',
        expiresAt: Date.parse(opened.expiresAt),
      },
    ]);
    const claims = await claimsOf(opened);
    expect(claims).toMatchObject({ name: 'Ada', sub: expect.stringMatching(/^guest-/) });
    expect(claims.video).toEqual({
      roomJoin: true,
      room: opened.room,
      canPublish: true,
      canPublishSources: ['microphone'],
      canPublishData: true,
      canSubscribe: true,
    });
    expect(Math.abs(Date.parse(opened.expiresAt) - claims.exp! * 1_000)).toBeLessThan(2_000);
    expect(gateway().observed).toContainEqual({
      type: 'session-opened',
      room: opened.room,
      session: opened.sessionId,
      tookMs: expect.any(Number),
    });
  });

  it('gives each talk a room and an identity of its own', async () => {
    const answers = await Promise.all([
      gateway().open({ characterId: 7 }),
      gateway().open({ characterId: '7' }),
    ]);
    const opened = answers.map(({ body }) => body as unknown as OpenedSession);
    expect(new Set(opened.map(({ room }) => room)).size).toBe(2);
    expect(new Set(opened.map(({ sessionId }) => sessionId)).size).toBe(2);
    const [first, second] = await Promise.all(opened.map(claimsOf));
    expect(first!.sub).not.toBe(second!.sub);
    expect(first!.name).toBe('Guest');
  });

  it.each([
    [{}, 'characterId is neither a plain text nor a whole number.'],
    [[], 'the body is no object.'],
    [{ characterId: ' ' }, 'characterId is empty.'],
    [{ characterId: 1.5 }, 'characterId is neither a plain text nor a whole number.'],
    [{ characterId: 'mira', name: 'x'.repeat(65) }, 'name is longer than 64 characters.'],
    [{ characterId: 'mira', name: 'A\u0007B' }, 'name has control characters.'],
    [
      { characterId: 'mira', name: 7, mode: 'dance' },
      'name is not a text; mode is neither text nor voice.',
    ],
  ])('refuses %j and names each field', async (wish, detail) => {
    expectProblem(await gateway().open(wish), 422, 'invalid-request', detail);
  });

  it('refuses a character that does not exist or has no prompt, and makes no row', async () => {
    const before = await sessions();
    const unknown = await gateway().open({ characterId: 'nobody' });
    expectProblem(unknown, 422, 'unknown-character', /GET \/v1\/characters/);
    const mute = await gateway().open({ characterId: 'mute' });
    expectProblem(mute, 422, 'unusable-character', /mend it/);
    expect(await sessions()).toEqual(before);
  });

  it('leaves no half session where the message cannot be sent', async () => {
    const before = await sessions();
    gateway().stack.queue.faults.failNext('SendMessage', 'ServiceUnavailable', { status: 503 });
    const answer = await gateway().open({ characterId: 'mira' });
    expectProblem(answer, 503, 'unavailable', /queue does not answer.*try again/);
    expect(answer.headers.get('retry-after')).toBe('5');
    expect(await sessions()).toEqual(before);
    expect((await gateway().open({ characterId: 'mira' })).status).toBe(201);
  });

  it('says that the database is away, and tells what happened to the log alone', async () => {
    const { gateway: door } = gateway().stack.database;
    onTestFinished(() => door.interfere({}));
    door.interfere({ status: 503 });
    const answer = await gateway().open({ characterId: 'mira' });
    expectProblem(answer, 503, 'unavailable', /database does not answer/);
    expect(gateway().observed.at(-1)).toMatchObject({
      type: 'request-failed',
      route: '/v1/sessions',
      status: 503,
      error: { kind: 'unavailable' },
    });
  });
});

describe('the door', () => {
  const post = (init: RequestInit): Promise<Answer> =>
    gateway().ask('/v1/sessions', { method: 'POST', ...init });
  const json = { 'content-type': 'application/json' };

  it.each(['', 'Bearer', 'Bearer wrong', `Basic ${KEY}`, `Bearer ${KEY}x`, KEY])(
    'is closed to %j, before the body is read',
    async (authorization) => {
      const answer = await post({ headers: { ...json, authorization }, body: 'no JSON' });
      expectProblem(answer, 401, 'unauthorized', /Authorization: Bearer KEY/);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    },
  );

  it('is open to every key, however its scheme is spelled', async () => {
    for (const authorization of [`bearer ${KEY}`, 'Bearer another-key-of-the-tests']) {
      const answer = await gateway().ask('/v1/characters', { headers: { authorization } });
      expect(answer.status).toBe(200);
    }
  });

  it.each([
    [400, 'invalid-json', json, '{"characterId":'],
    [400, 'invalid-json', json, '{"__proto__": {}}'],
    [413, 'too-large', json, JSON.stringify({ characterId: 'x'.repeat(5_000) })],
    [415, 'unsupported-media-type', { 'content-type': 'text/xml' }, '<character/>'],
    [422, 'invalid-request', {}, undefined],
  ])('answers %i %s to what is no request', async (status, word, headers, body) => {
    expectProblem(await post({ headers, ...(body !== undefined && { body }) }), status, word, /./);
  });

  it('says what is there to who asks for something else', async () => {
    const elsewhere = await gateway().ask('/v1/dance');
    expectProblem(elsewhere, 404, 'not-found', /POST \/v1\/sessions/);
  });

  it.each(['/health', '/livez'])('shows its health at %s without a key', async (path) => {
    const { status, body } = await gateway().ask(path, { headers: { authorization: '' } });
    expect([status, body]).toEqual([200, { healthy: true }]);
  });
});

function expectProblem(answer: Answer, status: number, word: string, detail: string | RegExp) {
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(answer.body).toEqual({
    type: `urn:troupe:${word}`,
    title: expect.any(String),
    status,
    detail: typeof detail === 'string' ? detail : expect.stringMatching(detail),
  });
  expect(answer.status).toBe(status);
}
