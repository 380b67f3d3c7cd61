import { describe, it } from 'vitest';
import {
  ANN,
  BEN,
  EGRESS,
  comes,
  ends,
  expectTimeline,
  goes,
  opens,
  says,
  writes,
} from '../support/timeline.ts';

describe('an idle room', () => {
  it('that nobody enters is left', () => {
    expectTimeline({}, [
      [0, opens(EGRESS), 'show listening'],
      [30_000, undefined, 'say idle', 'leave (idle)'],
      [90_000, undefined],
    ]);
  });

  it('counts from the last line, also one for others', () => {
    expectTimeline({}, [
      [0, opens(ANN, BEN), 'say joined', 'show listening'],
      [20_000, writes(ANN, 'lunch?'), 'aside Ann: lunch?'],
      [50_000, undefined, 'say idle', 'leave (idle)'],
      [50_001, writes(ANN, 'wait'), 'drop wait (leaving)'],
    ]);
  });

  it('counts from the end of a reply, however long that is', () => {
    expectTimeline({}, [
      [0, opens(ANN), 'say joined', 'show listening'],
      [1_000, writes(ANN, 'one'), 'turn Ann: one', 'reply 1 to one', 'show thinking'],
      [40_000, says(1, 'One.'), 'show speaking'],
      [80_000, ends(1), 'finished 1 "One." to one', 'show listening'],
      [110_000, undefined, 'say idle', 'leave (idle)'],
    ]);
  });

  it('gives somebody who just came the whole time', () => {
    expectTimeline({}, [
      [0, opens(), 'show listening'],
      [29_000, comes(ANN), 'say joined'],
      [59_000, undefined, 'say idle', 'leave (idle)'],
    ]);
  });

  it('is not idle while the link is cut', () => {
    expectTimeline({}, [
      [0, opens(ANN), 'say joined', 'show listening'],
      [20_000, { type: 'link-lost' }],
      [60_000, { type: 'link-restored', people: [ANN] }],
      [90_000, undefined, 'say idle', 'leave (idle)'],
    ]);
  });

  it('is kept where the limit is off', () => {
    expectTimeline({ idleTimeoutMs: 0 }, [
      [0, opens(ANN), 'say joined', 'show listening'],
      [86_400_000, undefined],
    ]);
  });
});

describe('when people leave', () => {
  it('the bot follows the last human after the grace, with what was heard kept', () => {
    expectTimeline({}, [
      [0, opens(ANN, BEN, EGRESS), 'say joined', 'show listening'],
      [1_000, goes(ANN)],
      [9_000, writes(BEN, 'one'), 'turn Ben: one', 'reply 1 to one', 'show thinking'],
      [9_500, says(1, 'Well'), 'show speaking'],
      [10_000, goes(BEN)],
      [
        15_000,
        undefined,
        'cut 1 (leaving)',
        'interrupted 1 "Well" to one',
        'leave (last-human-left)',
      ],
    ]);
  });

  it('and come back in time, it stays', () => {
    expectTimeline({}, [
      [0, opens(ANN), 'say joined', 'show listening'],
      [1_000, goes(ANN)],
      [5_000, comes(ANN)],
      [9_000, goes(ANN)],
      [14_000, undefined, 'leave (last-human-left)'],
    ]);
  });

  it('a line that arrives after its sender left holds no room open', () => {
    expectTimeline({}, [
      [0, opens(ANN), 'say joined', 'show listening'],
      [1_000, goes(ANN)],
      [1_010, writes(ANN, 'bye'), 'turn Ann: bye', 'reply 1 to bye', 'show thinking'],
      [
        6_000,
        undefined,
        'cut 1 (leaving)',
        'interrupted 1 "" to nobody',
        'leave (last-human-left)',
      ],
    ]);
  });

  it('and the stricter rule holds, any of them ends the talk unless they return', () => {
    expectTimeline({ leaveWhen: 'any-human' }, [
      [0, opens(ANN, BEN, EGRESS), 'say joined', 'show listening'],
      [1_000, goes(ANN)],
      [1_500, goes(EGRESS)],
      [2_000, goes(BEN)],
      [3_000, comes(ANN)],
      [7_000, undefined, 'leave (participant-left)'],
    ]);
  });

  it('only because the link is cut, they are not gone', () => {
    expectTimeline({}, [
      [0, opens(ANN), 'say joined', 'show listening'],
      [1_000, { type: 'link-lost' }],
      [1_001, goes(ANN)],
      [20_000, { type: 'link-restored', people: [ANN] }],
      [26_000, goes(ANN)],
      [31_000, undefined, 'leave (last-human-left)'],
    ]);
  });

  it('while the link is cut, their grace counts from its return', () => {
    expectTimeline({}, [
      [0, opens(ANN), 'say joined', 'show listening'],
      [1_000, goes(ANN)],
      [2_000, { type: 'link-lost' }],
      [20_000, { type: 'link-restored', people: [] }],
      [25_000, undefined, 'leave (last-human-left)'],
    ]);
  });

  it('before the bot has arrived, it does not stay either', () => {
    expectTimeline({ idleTimeoutMs: 0 }, [
      [0, comes(ANN), 'show listening'],
      [100, opens()],
      [5_100, undefined, 'leave (last-human-left)'],
    ]);
  });
});

describe('asked to leave', () => {
  it('it stops speaking, keeps what was heard, and goes at once', () => {
    expectTimeline({}, [
      [0, opens(ANN), 'say joined', 'show listening'],
      [1_000, writes(ANN, 'one'), 'turn Ann: one', 'reply 1 to one', 'show thinking'],
      [1_500, says(1, 'Well'), 'show speaking'],
      [
        2_000,
        { type: 'leave-requested', reason: 'stopped' },
        'cut 1 (leaving)',
        'interrupted 1 "Well" to one',
        'leave (stopped)',
      ],
      [2_001, { type: 'leave-requested', reason: 'removed' }],
      [2_002, writes(ANN, 'two'), 'drop two (leaving)'],
    ]);
  });

  it('it waits for a mute mouth no longer than 100 ms', () => {
    expectTimeline({ mouth: 'mute' }, [
      [0, opens(ANN), 'say joined', 'show listening'],
      [1_000, writes(ANN, 'one'), 'turn Ann: one', 'reply 1 to one', 'show thinking'],
      [2_000, { type: 'leave-requested', reason: 'room-deleted' }, 'cut 1 (leaving)'],
      [2_100, undefined, 'interrupted 1 "" to nobody', 'leave (room-deleted)'],
    ]);
  });

  it('it keeps lines that were still settling', () => {
    expectTimeline({ chatSettleMs: 800 }, [
      [0, opens(ANN), 'say joined', 'show listening'],
      [1_000, writes(ANN, 'one')],
      [1_100, { type: 'leave-requested', reason: 'stopped' }, 'turn Ann: one', 'leave (stopped)'],
    ]);
  });

  it('before it has arrived, it goes too', () => {
    expectTimeline({}, [
      [0, comes(ANN), 'show listening'],
      [10, { type: 'leave-requested', reason: 'stopped' }, 'leave (stopped)'],
      [20, opens(ANN)],
    ]);
  });
});
