import { describe, it } from 'vitest';
import type { Row } from '../support/timeline.ts';
import { ANN, ends, expectTimeline, opens, says, sounds, writes } from '../support/timeline.ts';

/** Ann has asked, the bot thinks; the first second of most talks below. */
const ASKED: readonly Row[] = [
  [0, opens(ANN), 'say joined', 'show listening'],
  [1_000, writes(ANN, 'one'), 'turn Ann: one', 'reply 1 to one', 'show thinking'],
];

describe('a new turn that interrupts', () => {
  it('cuts what is heard, keeps it, and is answered alone', () => {
    expectTimeline({ newTurnWhileReplying: 'interrupt' }, [
      ...ASKED,
      [1_300, says(1, 'Well, '), 'show speaking'],
      [
        1_500,
        writes(ANN, 'two'),
        'turn Ann: two',
        'cut 1 (new-turn)',
        'interrupted 1 "Well, " to one',
        'reply 2 to two',
        'show thinking',
      ],
      [1_600, says(1, 'stale')],
      [1_600, ends(1)],
    ]);
  });

  it('is answered together with turns of which nothing was heard', () => {
    expectTimeline({ newTurnWhileReplying: 'interrupt' }, [
      ...ASKED,
      [
        1_200,
        writes(ANN, 'two'),
        'turn Ann: two',
        'cut 1 (new-turn)',
        'interrupted 1 "" to nobody',
        'reply 2 to one, two',
      ],
      [1_500, says(2, 'Both.'), 'show speaking'],
      [1_600, ends(2), 'finished 2 "Both." to one, two', 'show listening'],
    ]);
  });

  it('is answered together with turns whose reply was only just to be heard', () => {
    expectTimeline({ newTurnWhileReplying: 'interrupt' }, [
      ...ASKED,
      [1_300, sounds(1), 'show speaking'],
      [
        1_350,
        writes(ANN, 'two'),
        'turn Ann: two',
        'cut 1 (new-turn)',
        'interrupted 1 "" to nobody',
        'reply 2 to one, two',
        'show thinking',
      ],
    ]);
  });

  it('cannot keep the bot from answering: at the bound the reply goes on', () => {
    expectTimeline({ newTurnWhileReplying: 'interrupt', maxPending: 1 }, [
      ...ASKED,
      [1_200, writes(ANN, 'two'), 'drop two (flood)'],
      [1_500, says(1, 'One.'), 'show speaking'],
      [1_600, ends(1), 'finished 1 "One." to one', 'show listening'],
    ]);
  });

  it('lets a reply begin at last where turns come faster than the model', () => {
    expectTimeline({ newTurnWhileReplying: 'interrupt' }, [
      ...ASKED,
      [
        3_000,
        writes(ANN, 'two'),
        'turn Ann: two',
        'cut 1 (new-turn)',
        'interrupted 1 "" to nobody',
        'reply 2 to one, two',
      ],
      [
        5_000,
        writes(ANN, 'three'),
        'turn Ann: three',
        'cut 2 (new-turn)',
        'interrupted 2 "" to nobody',
        'reply 3 to one, two, three',
      ],
      [7_000, writes(ANN, 'four'), 'turn Ann: four'],
      [8_000, says(3, 'All three.'), 'show speaking'],
      [
        8_100,
        ends(3),
        'finished 3 "All three." to one, two, three',
        'reply 4 to four',
        'show thinking',
      ],
    ]);
  });

  it('takes a last piece that was on its way as heard', () => {
    expectTimeline({ newTurnWhileReplying: 'interrupt', mouth: 'mute' }, [
      ...ASKED,
      [1_300, says(1, 'Well, '), 'show speaking'],
      [1_500, writes(ANN, 'two'), 'turn Ann: two', 'cut 1 (new-turn)'],
      [1_510, says(1, 'you see')],
      [
        1_520,
        ends(1, 'interrupted'),
        'interrupted 1 "Well, you see" to one',
        'reply 2 to two',
        'show thinking',
      ],
    ]);
  });

  it('waits for a mute mouth no longer than 100 ms', () => {
    expectTimeline({ newTurnWhileReplying: 'interrupt', mouth: 'mute' }, [
      ...ASKED,
      [1_500, writes(ANN, 'two'), 'turn Ann: two', 'cut 1 (new-turn)'],
      [1_550, writes(ANN, 'three'), 'turn Ann: three'],
      [1_600, undefined, 'interrupted 1 "" to nobody', 'reply 2 to one, two, three'],
      [1_700, ends(1, 'interrupted')],
    ]);
  });

  it('that crosses the end of the reply does not undo it', () => {
    expectTimeline({ newTurnWhileReplying: 'interrupt', mouth: 'mute' }, [
      ...ASKED,
      [1_300, says(1, 'One.'), 'show speaking'],
      [1_400, writes(ANN, 'two'), 'turn Ann: two', 'cut 1 (new-turn)'],
      [1_400, ends(1), 'finished 1 "One." to one', 'reply 2 to two', 'show thinking'],
    ]);
  });
});

describe('a reply that fails', () => {
  it('is apologized for once, and its turn is not tried again', () => {
    expectTimeline({}, [
      ...ASKED,
      [2_000, ends(1, 'failed'), 'failed 1 "" to one', 'reply 2: apology'],
      [2_001, ends(1, 'failed')],
      [2_100, says(2, 'Sorry.'), 'show speaking'],
      [2_200, ends(2), 'finished 2 "Sorry." to nobody', 'show listening'],
      [3_000, writes(ANN, 'two'), 'turn Ann: two', 'reply 3 to two', 'show thinking'],
    ]);
  });

  it('in the middle keeps what was heard', () => {
    expectTimeline({}, [
      ...ASKED,
      [1_500, says(1, 'It is '), 'show speaking'],
      [2_000, ends(1, 'failed'), 'failed 1 "It is " to one', 'reply 2: apology', 'show thinking'],
    ]);
  });

  it('is one that ends without a word, or that nobody had cancelled', () => {
    expectTimeline({}, [
      ...ASKED,
      [1_500, ends(1), 'failed 1 "" to one', 'reply 2: apology'],
      [1_600, says(2, 'Sorry.'), 'show speaking'],
      [1_700, ends(2), 'finished 2 "Sorry." to nobody', 'show listening'],
      [2_000, writes(ANN, 'two'), 'turn Ann: two', 'reply 3 to two', 'show thinking'],
      [2_500, ends(3, 'interrupted'), 'failed 3 "" to two', 'reply 4: apology'],
    ]);
  });

  it('writes the apology that cannot be spoken, and goes on with what waits', () => {
    expectTimeline({}, [
      ...ASKED,
      [1_500, writes(ANN, 'two'), 'turn Ann: two'],
      [2_000, ends(1, 'failed'), 'failed 1 "" to one', 'reply 2: apology'],
      [2_500, ends(2, 'failed'), 'failed 2 "" to nobody', 'say apology', 'reply 3 to two'],
    ]);
  });

  it('for a cut link is made again when the link is whole', () => {
    expectTimeline({}, [
      ...ASKED,
      [1_200, { type: 'link-lost' }],
      [1_500, ends(1, 'failed'), 'interrupted 1 "" to nobody', 'show listening'],
      [9_000, { type: 'link-restored', people: [ANN] }, 'reply 2 to one', 'show thinking'],
    ]);
  });
});
