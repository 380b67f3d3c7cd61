import { describe, expect, it } from 'vitest';
import { isBackchannel } from '../../src/conversation/backchannel.ts';
import { goesOn } from '../../src/conversation/endpointing.ts';
import { callNames, mentionsAny } from '../../src/conversation/mention.ts';
import { wordUnits } from '../../src/conversation/word-units.ts';
import { makeDisguise } from '../../src/recorder/pseudonyms.ts';

const NAMES = ['Mia', 'ミア', '東 京子', 'does anybody know'];

const TEXTS = [
  'mhm',
  'Uh-huh.',
  'うんうん',
  'なるほど',
  'Yeah, right',
  'I see that',
  'right hand',
  'I would like to',
  'so, you know',
  'well, let me see…',
  'It costs 12,',
  'He lives in Ghent.',
  '京都から',
  '行きましたけど',
  '大阪',
  '元気ですか。',
  'それは本当ですか',
  'えっと',
  'そうですね。',
  'Mia, are you there?',
  'Miami is warm',
  'MIA’s voice',
  'ミアさん、こんにちは',
  'アンケート',
  '京子さん',
  'Does anybody know?',
  'Zoë and ZOË, zoe',
  '**bold** `code` [a](http://x.y/z?q=1)',
  'Ｚｏｅ',
  'ﬁle',
  '+49 (170) 12345',
  'bob.smith@example.com',
  'Привет, мир!',
  '안녕하세요',
  'สวัสดี',
  '𠮷野家 👍🏽',
  '',
  ' ',
];

describe.each(TEXTS)('%s', (text) => {
  const other = makeDisguise(NAMES, Math.random)(text);

  it('is to the core what it was in other words', () => {
    expect(other).toHaveLength(text.length);
    expect(isBackchannel(other)).toBe(isBackchannel(text));
    expect(goesOn(other)).toBe(goesOn(text));
    expect(wordUnits(other)).toHaveLength(wordUnits(text).length);
    const called = NAMES.flatMap(callNames);
    expect(mentionsAny(other, called)).toBe(mentionsAny(text, called));
  });

  it('keeps its marks, spaces and the case of its letters', () => {
    const shapeOf = (one: string): string =>
      one
        .replace(/\p{Lu}/gu, 'A')
        .replace(/\p{N}/gu, '1')
        .replace(/\p{L}\p{M}*/gu, 'a');
    if (text !== 'ﬁle' && text !== '𠮷野家 👍🏽') expect(shapeOf(other)).toBe(shapeOf(text));
  });
});

it('gives the same for the same, in any case and with or without accents, and else another', () => {
  const disguise = makeDisguise(NAMES, Math.random);
  const [zoe, upper, plain, wide, dora] = ['Zoë', 'ZOË', 'zoe', 'Ｚｏｅ', 'dora'].map(disguise);
  expect(zoe!.toLowerCase()).toBe(plain);
  expect(upper!.toLowerCase()).toBe(plain);
  expect(wide!.toLowerCase()).toBe(plain);
  expect(dora).not.toBe(plain);
  const words = Array.from(
    { length: 400 },
    (_, at) => `w${String.fromCharCode(97 + (at % 26), 97 + at / 26)}`,
  );
  expect(new Set(words.map(disguise)).size).toBe(words.length);
});

it('calls people by what they are called, with their titles', () => {
  const disguise = makeDisguise(NAMES, Math.random);
  const name = disguise('Dr. Grace Hopper');
  expect(name).toMatch(/^Dr\. [A-Z][a-z]{4} [A-Z][a-z]{5}$/);
  expect(mentionsAny(disguise('Is that Grace’s?'), callNames(name))).toBe(true);
  expect(mentionsAny(disguise('Is that graceful?'), callNames(name))).toBe(false);
});

it('has other words in the next recording', () => {
  const once = (): string => makeDisguise(NAMES, Math.random)('an appendicitis in Kensington');
  expect(once()).not.toBe(once());
});
