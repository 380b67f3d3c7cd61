import { expect, it } from 'vitest';
import { toSaidError, toSocketError } from '../../../src/adapters/elevenlabs/errors.ts';
import { readMessage } from '../../../src/adapters/elevenlabs/wire.ts';
import { openWords } from '../../../src/adapters/elevenlabs/words.ts';

const spell = (text: string, fromMs: number) =>
  (text.match(/./gu) ?? []).map((char, at) => ({
    text: char,
    fromMs: fromMs + at * 10,
    toMs: fromMs + at * 10 + 10,
  }));

it('joins characters to words, over the end of a message', () => {
  const words = openWords();
  expect(words.take(spell('Hi, the', 0))).toEqual([{ text: 'Hi,', fromMs: 0, toMs: 30 }]);
  expect(words.take(spell('re! ', 70))).toEqual([{ text: 'there!', fromMs: 40, toMs: 100 }]);
  expect(words.rest()).toEqual([]);
});

it('lets every Japanese character be a word with its marks, and Latin ones among them whole', () => {
  const words = openWords();
  const told = [...words.take(spell('はい、AIです。', 0)), ...words.rest()];
  expect(told.map(({ text }) => text)).toEqual(['は', 'い、', 'AI', 'で', 'す。']);
});

it.each([
  { charsDurationsMs: [5], contextId: 'c', isFinal: true },
  { charDurationsMs: [5], context_id: 'c', is_final: true },
])('reads both spellings: %j', ({ contextId, context_id, isFinal, is_final, ...durations }) => {
  const alignment = { chars: ['a'], charStartTimesMs: [3], ...durations };
  const raw = JSON.stringify({ audio: null, alignment, contextId, context_id, isFinal, is_final });
  expect(readMessage(raw)).toMatchObject({
    contextId: 'c',
    final: true,
    chars: [{ text: 'a', fromMs: 3, toMs: 8 }],
  });
});

it.each([
  ['quota_exceeded This request exceeds your quota', 'quota'],
  ['max_active_conversations Maximum simultaneous contexts', 'quota'],
  ['invalid_api_key', 'auth'],
  ['detected_unusual_activity', 'forbidden'],
  ['voice_not_found', 'rejected'],
  ['input_timeout_exceeded Have not received a new text input', 'unavailable'],
  ['', 'unavailable'],
])('knows by what was said (%s) that it is %s', (said, kind) => {
  const fault = kind === 'forbidden' || kind === 'rejected' ? 'room' : 'provider';
  expect(toSaidError(said, undefined)).toMatchObject({ kind, fault, service: 'tts' });
});

it.each([
  ['Unexpected server response: 401', 'auth'],
  ['Unexpected server response: 403', 'forbidden'],
  ['Unexpected server response: 422', 'rejected'],
  ['Unexpected server response: 429', 'quota'],
  ['Unexpected server response: 503', 'unavailable'],
  ['Opening handshake has timed out', 'timeout'],
  ['connect ECONNREFUSED 127.0.0.1:1', 'unavailable'],
])('knows by the handshake (%s) that it is %s', (message, kind) => {
  expect(toSocketError(new Error(message)).kind).toBe(kind);
});
