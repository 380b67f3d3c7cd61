import { describe, expect, it } from 'vitest';
import { placeWords, soundedUnits } from '../../src/reply/heard-words.ts';

/** Words that sound for 100 ms each, one behind the other but for a pause of 100 ms. */
function timesOf(...words: readonly string[]) {
  return words.map((text, at) => ({ text, fromMs: at * 200, toMs: at * 200 + 100 }));
}

describe('placing words', () => {
  it.each([
    ['as they are', 'Hi there, you.', ['Hi', 'there,', 'you.'], ['Hi ', 'there, ', 'you.']],
    ['in other case', 'HI There', ['hi', 'there'], ['HI ', 'There']],
    ['in other width', 'ＡＢ　c', ['ab', 'c'], ['ＡＢ　', 'c']],
    ['Japanese', '猫が、好き', ['猫', 'が', '好き'], ['猫', 'が、', '好き']],
    ['Japanese sign by sign', '好きです', ['好', 'き', 'です'], ['好', 'き', 'です']],
    [
      'but those that are written otherwise',
      'I am 12 now',
      ['I', 'am', 'twelve', 'now'],
      ['I ', 'am ', 'now'],
    ],
    ['but no part of a word', 'Bones? One', ['one'], ['One']],
    ['but marks alone', 'Yes - no', ['Yes', '-', 'no'], ['Yes - ', 'no']],
    ['each once', 'no, no', ['no', 'no', 'no'], ['no, ', 'no']],
  ])('finds them %s', (_what, text, words, found) => {
    const placed = placeWords(text, [], timesOf(...words));
    expect(placed.map(({ from, to }) => text.slice(from, to))).toEqual(found);
  });

  it('goes on where it was', () => {
    const text = 'no, no';
    const [first, second] = timesOf('no', 'no');
    const once = placeWords('no,', [], [first!]);
    expect(placeWords(text, once, [second!])).toMatchObject([
      { from: 0, to: 3 },
      { from: 4, to: 6, fromMs: 200, toMs: 300 },
    ]);
  });
});

describe('how much has sounded', () => {
  const text = 'abcd efgh ijkl mnop ';
  const placed = placeWords(text, [], timesOf('abcd', 'efgh'));

  it.each([
    [-1, 0],
    [0, 0],
    [50, 2.5],
    [100, 5],
    [199, 5],
    [250, 7.5],
  ])('by the times of words: at %d ms %d units', (playedMs, units) => {
    expect(soundedUnits({ text, placed, soundMs: 800, isWhole: true }, playedMs)).toBe(units);
  });

  it('in proportion where no times came', () => {
    const speech = { text, placed, soundMs: 800, isWhole: true };
    expect(soundedUnits(speech, 550)).toBe(15);
    expect(soundedUnits(speech, 800)).toBe(20);
    expect(soundedUnits({ ...speech, placed: [] }, 200)).toBe(5);
  });

  it('in proportion between words', () => {
    const [first, , third] = timesOf('abcd', 'efgh', 'ijkl');
    const gap = placeWords(text, [], [first!, third!]);
    expect(soundedUnits({ text, placed: gap, soundMs: 800, isWhole: true }, 250)).toBe(7.5);
  });

  it('slowly while more sound may come', () => {
    const speech = { text, placed: [], soundMs: 400, isWhole: false };
    expect(soundedUnits(speech, 400)).toBeLessThan(6);
    expect(soundedUnits({ ...speech, text: '猫猫猫猫' }, 400)).toBe(2);
  });

  it('nothing where the speech begins with silence', () => {
    const late = placeWords(text, [], [{ text: 'abcd', fromMs: 300, toMs: 400 }]);
    expect(soundedUnits({ text, placed: late, soundMs: 800, isWhole: true }, 299)).toBe(0);
  });
});
