/**
 * Whether these words only show that somebody listens: a few of `mhm`, `yeah`, `うん` and the like.
 * While the bot speaks they do not take the floor.
 */
export function isBackchannel(text: string): boolean {
  const words =
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{M}'’ー-]+/gu) ?? [];
  return words.length > 0 && words.length <= MOST_WORDS && words.every((word) => SIGNS.test(word));
}

const MOST_WORDS = 3;

const SIGNS =
  /^(?:m+|m+-?h+m+|h+m+|uh-?huh|uhuh|mhm+|a+h+|o+h+|yeah+|yep|yup|yes|okay|ok|right|sure|i|see|cool|nice|wow|really|true|exactly|うん|うんうん|ええ|はい|へえ|へー|そう|そうそう|なるほど|ああ|ふうん|ふーん|ほう|ほんと|すごい)$/;
