import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMessage as readDeepgram } from '../../src/adapters/deepgram/messages.ts';
import { readMessage as readElevenLabs } from '../../src/adapters/elevenlabs/wire.ts';
import { openWords } from '../../src/adapters/elevenlabs/words.ts';
import { readMessage as readGladia } from '../../src/adapters/gladia/messages.ts';
import {
  MAX_CHAT_BYTES,
  parseChatMessage,
  parseChatPacket,
} from '../../src/adapters/livekit/chat-wires.ts';
import { readUsage } from '../../src/adapters/openai/usage.ts';
import { retryAfterOf } from '../../src/adapters/openai/retry-after.ts';
import { parseActivation, resentMessage } from '../../src/worker/activation.ts';
import { anyJson, HOSTILE_TEXTS, hostileText, mutated } from './hostile.ts';

const RUNS = { numRuns: 600 };
const bytes = fc.uint8Array({ maxLength: 200 });
const encode = (value: unknown): Uint8Array =>
  new TextEncoder().encode(JSON.stringify(value) ?? '');

const ACTIVATION = {
  roomName: 'lobby',
  sessionId: 's',
  characterId: 7,
  mode: 'voice',
  generation: 2,
  expiresAt: '2026-11-24T21:10:00Z',
  requestedAt: 1,
  deferrals: 0,
};

describe('an activation', () => {
  const placed = { groupId: 'g', deduplicationId: 'd', requestedAt: 1, deferrals: 1 };

  it('is read or refused in bounded words; what is read can be sent again', () => {
    const bodies = fc.oneof(
      mutated(ACTIVATION).map((one) => JSON.stringify(one)),
      hostileText,
    );
    fc.assert(
      fc.property(bodies, (body) => {
        const parsed = parseActivation(body);
        if (!parsed.ok) {
          expect(parsed.reason.length).toBeLessThan(300);
          return;
        }
        const { room, session } = parsed.activation;
        for (const text of [room, session]) {
          expect(text.length).toBeLessThanOrEqual(512);
          expect(text.isWellFormed() && !/\p{Cc}/u.test(text)).toBe(true);
        }
        const again = parseActivation(resentMessage(body, placed).body);
        expect(again).toMatchObject({ ok: true, activation: { room, session } });
      }),
      RUNS,
    );
  });

  it('that nests without end is refused, not choked on when it is sent again', () => {
    const deep = (levels: number): string =>
      `{"roomName": "x", "more": ${'['.repeat(levels)}${']'.repeat(levels)}}`;
    expect(parseActivation(deep(20))).toMatchObject({ ok: true });
    expect(parseActivation(deep(100_000))).toEqual({
      ok: false,
      reason: 'the body is nested too deeply',
    });
    const flat = `{"roomName": "x", "more": [${'[],'.repeat(50_000)}1]}`;
    expect(parseActivation(flat)).toMatchObject({ ok: true });
  });
});

describe('a message from the room', () => {
  it('on the packet wire is text within its bound, refused, or not ours', () => {
    const payloads = fc.oneof(
      bytes,
      mutated({ message: 'Hello', id: 'i', timestamp: 1, ignoreLegacy: false }).map(encode),
      hostileText.map((text) => encode({ message: text })),
      fc.nat(40_000).map((size) => encode({ message: 'x'.repeat(size) })),
      fc.constant(new TextEncoder().encode('['.repeat(30_000))),
    );
    const topics = fc.constantFrom('lk-chat-topic', '', undefined, 'other');
    fc.assert(
      fc.property(topics, payloads, (topic, payload) => {
        const read = parseChatPacket(topic, payload);
        if (read.kind !== 'message') return;
        expect(topic).not.toBe('other');
        expect(typeof read.text).toBe('string');
        expect(Buffer.byteLength(read.text)).toBeLessThanOrEqual(MAX_CHAT_BYTES);
        expect(['string', 'undefined']).toContain(typeof read.id);
      }),
      RUNS,
    );
  });

  it('on the chat wire too', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (id, message) => {
        const read = parseChatMessage({ id, message, timestamp: 1 });
        const fits = Buffer.byteLength(message) <= MAX_CHAT_BYTES;
        expect(read.kind).toBe(fits ? 'message' : 'refused');
      }),
      RUNS,
    );
  });
});

const WORD = { word: 'yes', start: 1.5, end: 2, confidence: 0.9 };
const DEEPGRAM = {
  type: 'Results',
  start: 1,
  duration: 1.5,
  is_final: true,
  from_finalize: true,
  channel: { alternatives: [{ transcript: 'Yes.', confidence: 0.9, words: [WORD] }] },
};
const UTTERANCE = { text: 'Yes.', start: 0.5, end: 1, confidence: 0.9, language: 'en' };
const GLADIA = [
  { type: 'transcript', data: { is_final: true, utterance: UTTERANCE } },
  { type: 'audio_chunk', acknowledged: true, data: { byte_range: [0, 3_200] } },
];
const ELEVENLABS = {
  audio: 'AAAA',
  contextId: 'c',
  isFinal: false,
  alignment: { chars: ['a', ' '], charStartTimesMs: [0, 50], charsDurationsMs: [50, 50] },
};

/** Every number in it, at any depth. */
function numbersIn(value: unknown): readonly number[] {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}

describe('what a provider sends', () => {
  it.each([
    ['Deepgram', readDeepgram, mutated(DEEPGRAM)],
    ['Gladia', (one: unknown) => readGladia(Object(one) as object), mutated(...GLADIA)],
    ['ElevenLabs', (one: unknown) => readElevenLabs(JSON.stringify(one)), mutated(ELEVENLABS)],
  ])(
    'is read with times that can be counted with, or called unreadable: %s',
    (_name, read, sent) => {
      fc.assert(
        fc.property(fc.oneof(sent, anyJson), (message) => {
          expect(numbersIn(read(message)).filter((one) => !Number.isFinite(one))).toEqual([]);
        }),
        RUNS,
      );
    },
  );

  it('is read with what a later version adds', () => {
    const more = { added: { by: ['a', 'later', 'version'] } };
    expect(readDeepgram({ ...DEEPGRAM, ...more })).toEqual(readDeepgram(DEEPGRAM));
    for (const one of GLADIA) expect(readGladia({ ...one, ...more })).toEqual(readGladia(one));
    const known = readElevenLabs(JSON.stringify(ELEVENLABS));
    expect(readElevenLabs(JSON.stringify({ ...ELEVENLABS, ...more }))).toEqual(known);
    expect(parseActivation(JSON.stringify({ ...ACTIVATION, ...more }))).toEqual(
      parseActivation(JSON.stringify(ACTIVATION)),
    );
  });

  it('of ElevenLabs is no message where it is no JSON', () => {
    fc.assert(
      fc.property(hostileText, (raw) => {
        expect(['undefined', 'object']).toContain(typeof readElevenLabs(raw));
      }),
      RUNS,
    );
  });

  it('makes words that hold all its characters, whatever they are', () => {
    const char = fc.oneof(hostileText, fc.constantFrom('a', ' ', '会', 'ー'));
    fc.assert(
      fc.property(fc.array(char, { maxLength: 8 }), (texts) => {
        const words = openWords();
        const read = [
          ...words.take(texts.map((text) => ({ text, fromMs: 0, toMs: 1 }))),
          ...words.rest(),
        ];
        const kept = texts.filter((text) => text.trim() !== '').join('');
        expect(read.map(({ text }) => text).join('')).toBe(kept);
      }),
      { numRuns: 300 },
    );
  });

  it('says how much it used in numbers that a row can hold, or nothing', () => {
    const usage = mutated({ prompt_tokens: 1, completion_tokens: 2, cost: 0.1 });
    fc.assert(
      fc.property(fc.oneof(usage, anyJson), (sent) => {
        const numbers = numbersIn(readUsage(sent));
        expect(numbers.filter((one) => !Number.isFinite(one) || one < 0)).toEqual([]);
      }),
      RUNS,
    );
  });

  it('says when to come again in a number, or nothing', () => {
    const header = fc.oneof(
      fc.stringMatching(/^[ -~]{0,20}$/),
      fc.constantFrom('1e9', '-1', '1.5'),
    );
    fc.assert(
      fc.property(header, (value) => {
        const waitMs = retryAfterOf(new Headers({ 'retry-after': value })) ?? 0;
        expect(waitMs).toBeGreaterThanOrEqual(0);
      }),
      RUNS,
    );
  });
});

it('the hostile texts are of every kind', () => {
  const all = HOSTILE_TEXTS.join('');
  expect([/\p{Cc}/u, /\u202e/, /\.\.\//, /drop table/, /👩/u].every((kind) => kind.test(all))).toBe(
    true,
  );
  expect(all.isWellFormed()).toBe(false);
});
