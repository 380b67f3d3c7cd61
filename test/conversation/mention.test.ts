import { describe, expect, it } from 'vitest';
import { callNames, mentionsAny } from '../../src/conversation/mention.ts';

describe('a name in a line', () => {
  it.each([
    ['Mia', 'Mia, what time is it?'],
    ['Mia', 'and you, MIA?'],
    ['Mia', "what is Mia's view"],
    ['Mia', '@mia hello'],
    ['Mia', 'Ｍｉａ、こんにちは'],
    ['Mia', 'Miaさんはどう思いますか'],
    ['Mía', 'hola mia'],
    ['Zoe', 'Zoë?'],
    ['Åsa', 'hej asa'],
    ['Mia Tanaka', 'mia   tanaka, please'],
    ['Mia Tanaka', 'thanks Mia'],
    ['Dr. Mia Tanaka', 'thanks Mia'],
    ['The Professor', 'ask professor'],
    ['R2-D2', 'hey r2-d2!'],
    ['ミア', 'ミアさん、明日の天気は？'],
    ['ミア', 'こんにちはミアさん'],
    ['ミア', 'ねえミア教えて'],
    ['ミア', 'ﾐｱさん'],
    ['ミア・タナカ', 'タナカさんはどう？'],
    ['田中 美亜', '今日田中さんは元気？'],
    ['田中 美亜', 'ねえ美亜教えて'],
    ['さくら', 'ねえさくらさん教えて'],
    ['小明', '小明，你好'],
  ])('%s is named in: %s', (name, line) => {
    expect(mentionsAny(line, callNames(name))).toBe(true);
  });

  it.each([
    ['Mia', 'Miami is warm'],
    ['Mia', 'in my mia_test'],
    ['Mia', 'bohemia'],
    ['Mia Tanaka', 'Tanaka told me'],
    ['The Professor', 'the weather is fine'],
    ['A. Smith', 'a cat told me'],
    ['アン', 'アンケートに答えて'],
    ['アン', 'ジュリアンさんへ'],
    ['か', 'がんばる'],
    ['田中', '山田中学校'],
    ['さくら', 'さくらんぼ食べた'],
    ['', 'anything'],
    ['🤖', 'nice 🤖'],
  ])('%s is not named in: %s', (name, line) => {
    expect(mentionsAny(line, callNames(name))).toBe(false);
  });

  it('is found wherever it stands as a word', () => {
    expect(mentionsAny('Miami? Mia!', ['mia'])).toBe(true);
    expect(mentionsAny('does  ANYBODY know?', ['does anybody know'])).toBe(true);
    expect(mentionsAny('𝕏Mia', ['mia'])).toBe(false);
    expect(mentionsAny('👋Mia👋', ['mia'])).toBe(true);
  });
});
