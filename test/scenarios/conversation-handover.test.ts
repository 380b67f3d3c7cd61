import { describe, it } from 'vitest';
import type { Row } from '../support/timeline.ts';
import {
  ANN,
  ends,
  expectTimeline,
  final,
  interim,
  opens,
  says,
  silent,
  speaks,
  stops,
  writes,
} from '../support/timeline.ts';

const ASKED: readonly Row[] = [
  [0, opens(ANN), 'say joined', 'show listening'],
  [1_000, writes(ANN, 'one'), 'turn Ann: one', 'reply 1 to one', 'show thinking'],
];

describe('handing the room over', () => {
  it('is possible at once while nothing is said, and the talk goes on', () => {
    expectTimeline({}, [
      [0, opens(ANN), 'say joined', 'show listening'],
      [500, { type: 'handover-requested' }, 'handover ready'],
      [1_000, writes(ANN, 'one'), 'turn Ann: one', 'reply 1 to one', 'show thinking'],
    ]);
  });

  it('waits for the reply; new turns wait until it is ready', () => {
    expectTimeline({ newTurnWhileReplying: 'interrupt' }, [
      ...ASKED,
      [1_500, { type: 'handover-requested' }],
      [2_000, says(1, 'One.'), 'show speaking'],
      [2_500, writes(ANN, 'two'), 'turn Ann: two'],
      [
        3_000,
        ends(1),
        'finished 1 "One." to one',
        'handover ready',
        'reply 2 to two',
        'show thinking',
      ],
    ]);
  });

  it('cuts a reply that takes too long, and owes its turn if nothing was heard', () => {
    expectTimeline({}, [
      ...ASKED,
      [1_500, { type: 'handover-requested' }],
      [3_000, { type: 'handover-requested' }],
      [
        6_500,
        undefined,
        'cut 1 (handover)',
        'interrupted 1 "" to nobody',
        'handover ready',
        'reply 2 to one',
      ],
    ]);
  });

  it('waits for who speaks, and is ready with their turn', () => {
    expectTimeline({}, [
      [0, opens(ANN), 'say joined', 'show listening'],
      [900, speaks(ANN, 900)],
      [1_000, { type: 'handover-requested' }],
      [1_900, final(ANN, 'How do I make pancakes?', 1_900), 'ann says "How do I make pancakes?"'],
      [1_950, stops(ANN, 1_900), 'watch 1: ann for 250'],
      [
        2_200,
        silent(ANN, 1),
        'ann said "How do I make pancakes?"',
        'turn Ann: How do I make pancakes?',
        'handover ready',
        'reply 1 to ann/v-1',
        'show thinking',
      ],
    ]);
  });

  it('does not wait for ever for who speaks', () => {
    expectTimeline({}, [
      [0, opens(ANN), 'say joined', 'show listening'],
      [900, speaks(ANN, 900)],
      [1_000, { type: 'handover-requested' }],
      [3_000, interim(ANN, 'and then', 3_000), 'ann says "and then"'],
      [6_000, undefined, 'handover ready'],
    ]);
  });

  it('does not begin to wait anew for who speaks once it has cut the reply', () => {
    expectTimeline({ newTurnWhileReplying: 'interrupt' }, [
      ...ASKED,
      [1_500, { type: 'handover-requested' }],
      [6_400, speaks(ANN, 6_400), 'hold 1'],
      [
        6_500,
        undefined,
        'cut 1 (handover)',
        'interrupted 1 "" to nobody',
        'handover ready',
        'reply 2 to one',
        'hold 2',
      ],
    ]);
  });

  it('that is withdrawn leaves no trace', () => {
    expectTimeline({}, [
      ...ASKED,
      [1_500, { type: 'handover-requested' }],
      [2_000, { type: 'handover-withdrawn' }],
      [9_000, says(1, 'One.'), 'show speaking'],
      [9_100, ends(1), 'finished 1 "One." to one', 'show listening'],
    ]);
  });

  it('can be asked for again', () => {
    expectTimeline({}, [
      [0, opens(ANN), 'say joined', 'show listening'],
      [500, { type: 'handover-requested' }, 'handover ready'],
      [600, { type: 'handover-withdrawn' }],
      [1_000, { type: 'handover-requested' }, 'handover ready'],
    ]);
  });
});
