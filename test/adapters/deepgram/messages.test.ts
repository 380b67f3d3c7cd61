import { expect, it } from 'vitest';
import { readMessage } from '../../../src/adapters/deepgram/messages.ts';

const word = { word: 'yes', start: 1.5, end: 2, confidence: 0.9 };
const results = {
  type: 'Results',
  start: 1,
  duration: 1.5,
  is_final: true,
  from_finalize: true,
  channel: { alternatives: [{ transcript: ' Yes. ', confidence: 0.9, words: [word] }] },
};

it('reads what was said and when, of the best guess', () => {
  expect(readMessage(results)).toEqual({
    text: 'Yes.',
    confidence: 0.9,
    language: undefined,
    saidFromMs: 1_500,
    saidToMs: 2_000,
    toMs: 2_500,
    isFinal: true,
    fromFinalize: true,
  });
});

it('takes silence for the whole stretch', () => {
  const silent = { alternatives: [{ transcript: '', confidence: 0, words: [] }] };
  expect(readMessage({ type: 'Results', start: 1, duration: 1, channel: silent })).toMatchObject({
    text: '',
    saidFromMs: 1_000,
    saidToMs: 2_000,
    isFinal: false,
    fromFinalize: false,
  });
});

it.each([
  [{ type: 'Metadata', channels: 1 }],
  [{ type: 'SpeechStarted', channel: [0, 1], timestamp: 1 }],
  [{ type: 'Unheard' }],
])('ignores %o', (message) => {
  expect(readMessage(message)).toBe('ignored');
});

it.each([
  ['{"type":"Results",'],
  [new Blob(['{}'])],
  [null],
  [{ ...results, start: '1' }],
  [{ ...results, channel: [0, 1] }],
  [{ ...results, channel: { alternatives: [] } }],
])('cannot read %o', (message) => {
  expect(readMessage(message)).toBe('unreadable');
});
