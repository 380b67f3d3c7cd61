import { describe, it } from 'vitest';
import {
  ANN,
  BEN,
  EGRESS,
  comes,
  ends,
  expectTimeline,
  opens,
  opensOwing,
  says,
  writes,
} from '../support/timeline.ts';

describe('arriving', () => {
  it('greets the first human who is there already', () => {
    expectTimeline({ hasGreeting: true }, [
      [0, comes(ANN), 'show listening'],
      [200, opens(ANN), 'say joined'],
      [250, { type: 'joined-said' }, 'reply 1: greeting', 'show thinking'],
      [300, comes(BEN)],
      [400, says(1, 'Hi.'), 'show speaking'],
      [500, ends(1), 'finished 1 "Hi." to nobody', 'show listening'],
    ]);
  });

  it('greets the first human who comes, once, and no bot', () => {
    expectTimeline({}, [
      [0, opens(EGRESS), 'show listening'],
      [1_000, comes(ANN), 'say joined'],
      [2_000, comes(BEN)],
    ]);
  });

  it('keeps what is written before it is there and answers it after what it inherited', () => {
    expectTimeline({}, [
      [0, comes(ANN), 'show listening'],
      [100, writes(ANN, 'still there?'), 'turn Ann: still there?'],
      [
        200,
        opensOwing('first', 'second'),
        'say joined',
        'reply 1 to first, second, still there?',
        'show thinking',
      ],
    ]);
  });

  it('answers a line that came both ways only once', () => {
    expectTimeline({}, [
      [0, writes(ANN, 'hello'), 'turn Ann: hello'],
      [100, opensOwing('hello'), 'say joined', 'reply 1 to hello', 'show thinking'],
      [200, writes(ANN, 'hello'), 'drop hello (repeated)'],
    ]);
  });
});

describe('a talk that goes on', () => {
  it('takes what is remembered of it for no new line, sent again before it is there or after', () => {
    expectTimeline({}, [
      [0, { type: 'turns-remembered', turnIds: ['hello', 'and?'] }],
      [50, writes(ANN, 'hello'), 'drop hello (repeated)'],
      [60, writes(ANN, 'new'), 'turn Ann: new'],
      [100, opensOwing('hello'), 'say joined', 'reply 1 to hello, new', 'show thinking'],
      [200, writes(ANN, 'hello'), 'drop hello (repeated)'],
      [300, writes(ANN, 'and?'), 'drop and? (repeated)'],
    ]);
  });
});

describe('a chat line', () => {
  it('is answered at once: thinking, speaking, listening again', () => {
    expectTimeline({}, [
      [0, opens(ANN), 'say joined', 'show listening'],
      [1_000, writes(ANN, 'hello'), 'turn Ann: hello', 'reply 1 to hello', 'show thinking'],
      [1_400, { type: 'reply-audible', replyId: 1 }, 'show speaking'],
      [1_400, says(1, 'Hi ')],
      [1_600, says(1, 'Ann.')],
      [1_700, ends(1), 'finished 1 "Hi Ann." to hello', 'show listening'],
    ]);
  });

  it('may come before its sender is known to be there', () => {
    expectTimeline({}, [
      [0, opens(), 'show listening'],
      [1_000, writes(ANN, 'hello'), 'turn Ann: hello', 'reply 1 to hello', 'show thinking'],
      [1_010, comes(ANN), 'say joined'],
    ]);
  });

  it('of another bot, or a second copy, is not taken', () => {
    expectTimeline({}, [
      [0, opens(ANN, EGRESS), 'say joined', 'show listening'],
      [1_000, writes(EGRESS, 'recording'), 'drop recording (not-human)'],
      [2_000, writes(ANN, 'hello'), 'turn Ann: hello', 'reply 1 to hello', 'show thinking'],
      [2_001, writes(ANN, 'hello'), 'drop hello (repeated)'],
    ]);
  });

  it('between others is kept and not answered, until the bot is named', () => {
    expectTimeline({}, [
      [0, opens(ANN, BEN), 'say joined', 'show listening'],
      [1_000, writes(ANN, 'lunch?'), 'aside Ann: lunch?'],
      [2_000, writes(BEN, 'Sure.'), 'aside Ben: Sure.'],
      [
        3_000,
        writes(BEN, 'mia, where?'),
        'turn Ben: mia, where?',
        'reply 1 to mia, where?',
        'show thinking',
      ],
    ]);
  });

  it('joins its next ones to one turn where lines settle', () => {
    expectTimeline({ chatSettleMs: 800 }, [
      [0, opens(ANN, BEN), 'say joined', 'show listening'],
      [1_000, writes(ANN, 'Mia')],
      [1_500, writes(BEN, 'hm')],
      [1_700, writes(ANN, 'what time is it?')],
      [1_800, writes(ANN, 'Mia'), 'drop Mia (repeated)'],
      [2_300, undefined, 'aside Ben: hm'],
      [2_500, undefined, 'turn Ann: Mia\nwhat time is it?', 'reply 1 to Mia', 'show thinking'],
      [2_600, writes(ANN, 'what time is it?'), 'drop what time is it? (repeated)'],
    ]);
  });

  it('never makes a turn without end', () => {
    const lines = Array.from({ length: 17 }, (_, index) => `line ${index + 1}`);
    const first = lines.slice(0, 16).join('\n');
    expectTimeline({ chatSettleMs: 800 }, [
      [0, opens(ANN), 'say joined', 'show listening'],
      ...lines.slice(0, 16).map((line, index) => [100 + index, writes(ANN, line)] as const),
      [200, writes(ANN, 'line 17'), `turn Ann: ${first}`, 'reply 1 to line 1', 'show thinking'],
      [1_000, undefined, 'turn Ann: line 17'],
    ]);
  });
});

describe('lines that come faster than answers', () => {
  it('are queued: one reply answers all that waited, oldest first', () => {
    expectTimeline({}, [
      [0, opens(ANN), 'say joined', 'show listening'],
      [1_000, writes(ANN, 'one'), 'turn Ann: one', 'reply 1 to one', 'show thinking'],
      [1_100, writes(ANN, 'two'), 'turn Ann: two'],
      [1_200, writes(ANN, 'three'), 'turn Ann: three'],
      [1_300, says(1, 'One.'), 'show speaking'],
      [1_400, ends(1), 'finished 1 "One." to one', 'reply 2 to two, three', 'show thinking'],
    ]);
  });

  it('are dropped beyond the bound, in order, until something is heard', () => {
    expectTimeline({ maxPending: 2 }, [
      [0, opens(ANN), 'say joined', 'show listening'],
      [1_000, writes(ANN, 'one'), 'turn Ann: one', 'reply 1 to one', 'show thinking'],
      [1_001, writes(ANN, 'two'), 'turn Ann: two'],
      [1_002, writes(ANN, 'three'), 'drop three (flood)'],
      [1_003, writes(ANN, 'three'), 'drop three (repeated)'],
      [1_500, says(1, 'One.'), 'show speaking'],
      [1_501, writes(ANN, 'four'), 'turn Ann: four'],
      [1_502, writes(ANN, 'five'), 'drop five (flood)'],
      [1_600, ends(1), 'finished 1 "One." to one', 'reply 2 to two, four', 'show thinking'],
    ]);
  });
});
