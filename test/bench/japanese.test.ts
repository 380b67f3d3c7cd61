import { describe, expect, it } from 'vitest';
import { editDistance, plainCharacters } from '../../bench/japanese/characters.ts';

describe('characters that were understood wrongly', () => {
  it.each([
    ['それはいくらですか？', 'それはいくらですか。', 0],
    ['３，９８０円です。', '3980円です', 0],
    ['私の名前はアンナです。', '私の名前はアナです', 1],
    ['もう一度お願いします。', 'もう一度お願いしますね', 1],
    ['おすすめの商品', '', 7],
    ['', 'えっと', 3],
    ['今日の天気', '昨日の電気', 2],
  ])('of %s, heard as %s: %i', (said, heard, errors) => {
    expect(editDistance(plainCharacters(said), plainCharacters(heard))).toBe(errors);
    expect(editDistance(plainCharacters(heard), plainCharacters(said))).toBe(errors);
  });
});
