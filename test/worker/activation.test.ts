import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  groupIdOf,
  parseActivation,
  resentMessage,
  startMessage,
  successorMessage,
} from '../../src/worker/activation.ts';

const LEGAL_ID = /^[!-~]{1,128}$/;
const FIELDS = [
  'roomName',
  'sessionId',
  'characterId',
  'mode',
  'generation',
  'expiresAt',
  'requestedAt',
  'deferrals',
  '__proto__',
  'constructor',
];

describe('a body', () => {
  it('needs only the room’s name', () => {
    expect(parse({ roomName: 'lobby' })).toEqual({
      room: 'lobby',
      session: 'lobby',
      deferrals: 0,
    });
  });

  it('may say more; ids may be numbers, null is nothing, the unknown is ignored', () => {
    const expiresAt = '2026-11-24T10:00:00+09:00';
    const more = { sessionId: 42, characterId: 'mia', mode: 'voice', generation: null, expiresAt };
    expect(parse({ roomName: 'lobby', ...more, traceId: { deep: [1] } })).toEqual({
      room: 'lobby',
      session: '42',
      characterId: 'mia',
      mode: 'voice',
      expiresAt: Date.UTC(2026, 10, 24, 1),
      deferrals: 0,
    });
    expect(parse({ roomName: 'lobby', expiresAt: 5 }).expiresAt).toBe(5);
    expect(parse({ roomName: '😀'.repeat(512) }).room).toHaveLength(1_024);
  });

  it.each([
    ['the body is not JSON', ''],
    ['the body is not JSON', '{"roomName": "lobby"'],
    ['the body: is no object', 'null'],
    ['the body: is no object', '"lobby"'],
    ['the body: is no object', '[{"roomName": "lobby"}]'],
    ['roomName: is not a text', '{}'],
    ['roomName: is not a text', '{"roomName": 7}'],
    ['roomName: is not a text', '{"roomName": {"length": {"toString": 1}}}'],
    ['roomName: is empty', '{"roomName": ""}'],
    ['roomName: has control characters', '{"roomName": "a\\nb"}'],
    ['roomName: has control characters', '{"roomName": "a\\u0000b"}'],
    ['roomName: is not well-formed Unicode', '{"roomName": "a\\ud800b"}'],
    ['roomName: is longer than 512 characters', body({ roomName: 'x'.repeat(513) })],
    ['sessionId: is neither', body({ roomName: 'x', sessionId: true })],
    ['sessionId: is empty', body({ roomName: 'x', sessionId: '' })],
    ['sessionId: has control characters', body({ roomName: 'x', sessionId: 'a\0b' })],
    ['sessionId: is neither', body({ roomName: 'x', sessionId: 1.5 })],
    ['characterId: is neither', body({ roomName: 'x', characterId: {} })],
    ['characterId: is neither', '{"roomName": "x", "characterId": {"length": {"toString": 1}}}'],
    ['mode: is none of text, voice, realtime', body({ roomName: 'x', mode: 'Text' })],
    ['generation: ', body({ roomName: 'x', generation: -1 })],
    ['generation: ', body({ roomName: 'x', generation: 2 ** 60 })],
    ['expiresAt: is neither', body({ roomName: 'x', expiresAt: 'tomorrow' })],
    ['requestedAt: ', body({ roomName: 'x', requestedAt: 'now' })],
    ['deferrals: ', body({ roomName: 'x', deferrals: 2 ** 31 })],
  ])('is refused: %s', (reason, text) => {
    expect(reasonFor(text)).toContain(reason);
  });

  it('of 256 KB is read or refused like any other', () => {
    const filler = 'x'.repeat(256 * 1024);
    expect(parse({ roomName: 'lobby', filler }).room).toBe('lobby');
    expect(reasonFor(filler)).toBe('the body is not JSON');
    expect(reasonFor('['.repeat(256 * 1024))).toBe('the body is not JSON');
  });

  it('never gets its own words into the reason: they may be anything', () => {
    for (const field of ['roomName', 'sessionId', 'mode', 'generation', 'expiresAt']) {
      const odd = body({ roomName: 'x', [field]: ['secret'] });
      expect(reasonFor(odd)).not.toContain('secret');
    }
  });

  it('is read or refused, whatever it is; never thrown over', () => {
    const fields = fc.constantFrom(...FIELDS);
    const values = fc.oneof(fc.string(), fc.double(), fc.integer(), fc.constantFrom(null, [], {}));
    const bodies = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc.tuple(fields, values).map(([field, value]) => body({ roomName: 'x', [field]: value })),
      fc.record({ roomName: fc.string({ unit: 'grapheme' }) }).map(body),
    );
    const check = fc.check(
      fc.property(bodies, (text) => {
        const parsed = parseActivation(text);
        if (!parsed.ok) return parsed.reason.length < 300;
        const { room, session, expiresAt = 0 } = parsed.activation;
        const legal = LEGAL_ID.test(groupIdOf(room)) && Number.isSafeInteger(expiresAt);
        return legal && room.isWellFormed() && session.isWellFormed();
      }),
      { numRuns: 500 },
    );
    expect(check.counterexample).toBeNull();
  });
});

describe('the group of a room', () => {
  it('is its name where SQS takes that, else a digest', () => {
    expect(groupIdOf('lobby-1!~')).toBe('lobby-1!~');
    expect(groupIdOf('x'.repeat(128))).toBe('x'.repeat(128));
    // The SHA-256 of the name's UTF-8 bytes, as docs/protocol.md says; made with sha256sum.
    expect(groupIdOf('会議')).toBe(
      '6f7de8e48acebd27609b525168b5d3bc8f67c38b989f413859691215bb6f08c6',
    );
    expect(groupIdOf('a room')).toMatch(/^[0-9a-f]{64}$/);
    expect(groupIdOf('x'.repeat(129))).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is legal, and the same only for the same room', () => {
    const rooms = fc.string({ unit: 'binary', minLength: 1 });
    fc.assert(
      fc.property(rooms, rooms, (one, other) => {
        expect(groupIdOf(one)).toMatch(LEGAL_ID);
        fc.pre(one.isWellFormed() && other.isWellFormed() && one !== other);
        expect(groupIdOf(one)).not.toBe(groupIdOf(other));
      }),
    );
  });
});

describe('messages that we send', () => {
  it('a start is what a backend would send, under the id of its request', () => {
    const start = { room: '会議', session: 's', character: 'mia', mode: 'text' };
    const message = startMessage(start, 'request-1');
    expect(message).toMatchObject({ groupId: groupIdOf('会議'), deduplicationId: 'request-1' });
    expect(parseActivation(message.body)).toMatchObject({
      ok: true,
      activation: { room: '会議', session: 's', characterId: 'mia', mode: 'text' },
    });
    expect(startMessage({ room: 'lobby' }, 'r').body).toBe('{"roomName":"lobby"}');
  });

  it('a successor carries the talk on, without an expiry, one per epoch', () => {
    const ticket = { session: 's', characterId: 'mia', mode: 'text' as const };
    const lease = { epoch: 7, generation: 2, groupId: 'the old group' };
    const message = successorMessage('会議', ticket, lease);
    expect(message).toMatchObject({
      groupId: 'the old group',
      deduplicationId: `${groupIdOf('会議')}:7`,
    });
    expect(message.deduplicationId).toMatch(LEGAL_ID);
    expect(parse(JSON.parse(message.body))).toEqual({
      room: '会議',
      session: 's',
      characterId: 'mia',
      mode: 'text',
      generation: 3,
      deferrals: 0,
    });
  });

  it('a start that is sent again keeps all it said, known or not', () => {
    const original = body({ roomName: 'lobby', expiresAt: 9, newField: [1] });
    const placed = { groupId: 'lobby', deduplicationId: 'm1', requestedAt: 5, deferrals: 1 };
    const message = resentMessage(original, placed);
    expect(message).toMatchObject({ groupId: 'lobby', deduplicationId: 'm1' });
    expect(JSON.parse(message.body)).toEqual({
      roomName: 'lobby',
      expiresAt: 9,
      newField: [1],
      requestedAt: 5,
      deferrals: 1,
    });
  });
});

function body(fields: unknown): string {
  return JSON.stringify(fields);
}

function parse(fields: unknown) {
  const parsed = parseActivation(body(fields));
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.activation;
}

function reasonFor(text: string): string {
  const parsed = parseActivation(text);
  if (parsed.ok) throw new Error('it was read');
  return parsed.reason;
}
