import { describe, expect, it } from 'vitest';
import { isBackchannel } from '../../src/conversation/backchannel.ts';
import { isEcho, isHeardTwice, rememberOwn, rememberSpoken } from '../../src/conversation/echo.ts';
import { adaptedPause, silenceNeeded } from '../../src/conversation/endpointing.ts';
import { initialState } from '../../src/conversation/state.ts';
import { joinWords, openVoice, withHabits } from '../../src/conversation/voices.ts';
import { ANN, RULES } from '../support/timeline.ts';

/** The silence that ends a turn of Ann's with these words. */
function silenceBehind(text: string, pauseMs = 0): number {
  const known = withHabits(initialState(0), ANN.identity, { pauseMs });
  const [state, floor] = openVoice(known, ANN, 0, RULES);
  return silenceNeeded(state, { ...floor, finals: text === '' ? [] : [text] }, RULES);
}

describe('the silence that ends a turn', () => {
  it.each(['How are you?', 'Stop!', 'It is "done."', '元気ですか？', 'おすすめの商品を教えて。'])(
    'is shortest behind %s',
    (text) => expect(silenceBehind(text)).toBe(250),
  );

  it.each([
    'I was thinking, um',
    'I would like to',
    'First,',
    'We went there and',
    'Well...',
    '昨日は雨だったから',
    'えっと',
  ])('is long behind %s', (text) => expect(silenceBehind(text)).toBe(1_500));

  it('lies between where nothing tells, and where a list of numbers may go on', () => {
    expect(silenceBehind('tell me more')).toBe(600);
    expect(silenceBehind('four five 6')).toBe(1_000);
    expect(silenceBehind('')).toBe(1_000);
  });

  it('is longer for whoever makes long pauses, but for finished sentences', () => {
    expect(silenceBehind('tell me more', 1_000)).toBe(1_400);
    expect(silenceBehind('tell me more', 9_000)).toBe(3_000);
    expect(silenceBehind('Tell me more.', 1_000)).toBe(250);
  });

  it('learns pauses slowly', () => {
    expect(adaptedPause(0, 800)).toBe(800);
    expect(adaptedPause(800, 1_800)).toBe(1_100);
  });
});

describe('a sign of attention', () => {
  it.each(['mhm', 'Mm-hmm.', 'Yeah, okay.', 'uh-huh', 'うん', 'なるほど。'])('is %s', (text) =>
    expect(isBackchannel(text)).toBe(true),
  );

  it.each(['', 'no', 'stop', 'yeah but why', 'okay okay okay okay', 'うん、でも', '42'])(
    'is not %j',
    (text) => expect(isBackchannel(text)).toBe(false),
  );
});

describe('words that were said before', () => {
  const text = 'Once upon a time there was a small grey fox by the sea.';
  const spoken = rememberOwn(initialState(0), {
    type: 'reply-progress',
    replyId: 1,
    piece: { text, original: text },
    at: 1_000,
  });

  it.each([
    'once upon a time there was a small gray fox',
    'a small grey fox by the sea',
    'the sea',
    'fox',
  ])('are the bot’s own: %s', (words) => expect(isEcho(spoken, words, 2_000)).toBe(true));

  it.each(['what is a grey fox doing there', 'sea small', 'stop', ''])(
    'are somebody’s: %j',
    (words) => expect(isEcho(spoken, words, 2_000)).toBe(false),
  );

  it('are nobody’s echo after five seconds', () => {
    expect(isEcho(spoken, 'a small grey fox', 6_001)).toBe(false);
  });

  it('know Japanese by its characters', () => {
    const said = '今日はとてもいい天気ですね。';
    const state = rememberOwn(initialState(0), {
      type: 'reply-progress',
      replyId: 1,
      piece: { text: said, original: said },
      at: 0,
    });
    expect(isEcho(state, 'とてもいい天気です', 100)).toBe(true);
    expect(isEcho(state, '明日は雨になりますか', 100)).toBe(false);
  });

  it('are one turn where two microphones hear them, within a moment', () => {
    const first = rememberSpoken(initialState(0), { speaker: 'ann', text: 'Hello, Mia!', at: 0 });
    const again = { speaker: 'ben', text: 'hello mia', at: 1_500 };
    expect(isHeardTwice(first, again)).toBe(true);
    expect(isHeardTwice(first, { ...again, at: 1_501 })).toBe(false);
    expect(isHeardTwice(first, { ...again, speaker: 'ann' })).toBe(false);
    expect(isHeardTwice(first, { ...again, text: 'hello' })).toBe(false);
  });
});

it('joins words with a space, and Japanese without', () => {
  expect(joinWords('I would', 'like tea.')).toBe('I would like tea.');
  expect(joinWords('今日は', '天気です。')).toBe('今日は天気です。');
  expect(joinWords('', 'x')).toBe('x');
});
