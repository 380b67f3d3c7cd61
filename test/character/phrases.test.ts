import { expect, it } from 'vitest';
import type { Character } from '../../src/character/character.ts';
import { phraseFor } from '../../src/character/phrases.ts';

const speaking = (language: string, more: Partial<Character> = {}): Character => ({
  id: 'ada',
  name: 'Ada',
  prompt: 'You are Ada.',
  language,
  addressing: { rule: 'auto', names: [], phrases: [] },
  ...more,
});

it.each(['en', 'ja', 'xx'])('says what clients read in the words they know, in %s', (language) => {
  expect(phraseFor('joined', speaking(language))).toBe('Ada has joined the chat!');
  expect(phraseFor('idle', speaking(language))).toBe('[SYSTEM] User idle - Disconnecting...');
});

it.each([
  ['en', 'Sorry'],
  ['en-GB', 'Sorry'],
  ['ja-JP', '申し訳'],
  ['JA', '申し訳'],
  ['de-AT', 'Entschuldigung'],
  ['zh-Hant-TW', '抱歉'],
  ['tlh', 'Sorry'],
  ['', 'Sorry'],
])('apologizes in the character’s language %j', (language, beginning) => {
  expect(phraseFor('apology', speaking(language))).toMatch(new RegExp(`^${beginning}`));
});

it.each([
  ['en', 'I can tell that'],
  ['ja-JP', '声は届いて'],
  ['tlh', 'I can tell that'],
])('says in the character’s language %j that it cannot hear', (language, beginning) => {
  expect(phraseFor('cannot-hear', speaking(language))).toMatch(new RegExp(`^${beginning}`));
});

it('greets where there is a greeting', () => {
  expect(phraseFor('greeting', speaking('en', { greeting: 'Welcome!' }))).toBe('Welcome!');
  expect(phraseFor('greeting', speaking('en'))).toBeUndefined();
});
