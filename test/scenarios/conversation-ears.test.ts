import { it } from 'vitest';
import {
  ANN,
  BEN,
  expectTimeline,
  final,
  interim,
  keepsOn,
  opens,
  says,
  silent,
  sounds,
  speaks,
  stops,
  writes,
} from '../support/timeline.ts';

const VOICE = { newTurnWhileReplying: 'interrupt', idleTimeoutMs: 0 } as const;
const START = [0, opens(ANN), 'say joined', 'show listening'] as const;
/** A reply that has been heard for longer than its echo is feared. */
const TALKING = [
  START,
  [10, writes(ANN, 'q'), 'turn Ann: q', 'reply 1 to q', 'show thinking'],
  [20, sounds(1), 'show speaking'],
  [30, says(1, 'Once upon ')],
] as const;

it('cuts what is spoken when the path is cut, and makes anew what was not heard', () => {
  const spoken = { ...VOICE, linkLostWhileReplying: 'cut' } as const;
  expectTimeline(spoken, [
    ...TALKING,
    [
      500,
      { type: 'link-lost' },
      'cut 1 (link-lost)',
      'interrupted 1 "Once upon " to q',
      'show listening',
    ],
  ]);
  expectTimeline(spoken, [
    ...TALKING.slice(0, 2),
    [
      500,
      { type: 'link-lost' },
      'cut 1 (link-lost)',
      'interrupted 1 "" to nobody',
      'show listening',
    ],
    [900, { type: 'link-restored', people: [ANN] }, 'reply 2 to q', 'show thinking'],
  ]);
});

it('trusts the sound of who was in vain twice again once they have said something', () => {
  expectTimeline(VOICE, [
    ...TALKING,
    [4_000, speaks(ANN, 4_000)],
    [4_300, keepsOn(ANN), 'hold 1', 'show listening'],
    [6_300, undefined, 'resume 1', 'show speaking'],
    [7_000, keepsOn(ANN), 'hold 1', 'show listening'],
    [9_000, undefined, 'resume 1', 'show speaking'],
    [9_500, keepsOn(ANN)],
    [
      9_600,
      interim(ANN, 'No, wait.', 9_500),
      'ann says "No, wait."',
      'cut 1 (barge-in)',
      'interrupted 1 "Once upon " to q',
      'show listening',
    ],
    [9_700, stops(ANN, 9_600), 'watch 1: ann for 250'],
    [9_800, final(ANN, 'No, wait.', 9_600), 'ann says "No, wait."'],
    [
      9_950,
      silent(ANN, 1),
      'ann said "No, wait."',
      'turn Ann: No, wait.',
      'reply 2 to ann/v-1',
      'show thinking',
    ],
    [10_000, sounds(2), 'show speaking'],
    [13_100, speaks(ANN, 13_000)],
    [13_400, keepsOn(ANN), 'hold 2', 'show listening'],
  ]);
});

it('waits for the words of what was said behind the last final', () => {
  expectTimeline(VOICE, [
    START,
    [1_000, speaks(ANN, 900)],
    [1_900, final(ANN, 'Yes.', 1_300), 'ann says "Yes."'],
    [2_500, stops(ANN, 2_400), 'watch 1: ann for 250'],
    [2_650, silent(ANN, 1)],
    [
      2_900,
      final(ANN, 'Tell me more.', 2_380),
      'ann says "Yes. Tell me more."',
      'ann said "Yes. Tell me more."',
      'turn Ann: Yes. Tell me more.',
      'reply 1 to ann/v-1',
      'show thinking',
    ],
  ]);
});

it('knows a silence that was asked for before they spoke on for an old one', () => {
  expectTimeline(VOICE, [
    START,
    [1_000, speaks(ANN, 900)],
    [1_400, final(ANN, 'Yes.', 1_300), 'ann says "Yes."'],
    [1_500, stops(ANN, 1_400), 'watch 1: ann for 250'],
    [1_600, speaks(ANN, 1_500)],
    [1_700, stops(ANN, 1_600), 'watch 2: ann for 250'],
    [1_750, silent(ANN, 1)],
    [
      1_950,
      silent(ANN, 2),
      'ann said "Yes."',
      'turn Ann: Yes.',
      'reply 1 to ann/v-1',
      'show thinking',
    ],
  ]);
});

it('lets a reply that could begin wait for who begins to speak', () => {
  expectTimeline(VOICE, [
    ...TALKING.slice(0, 2),
    [100, speaks(ANN, 90), 'hold 1'],
    [3_100, undefined, 'resume 1'],
    [3_200, sounds(1), 'show speaking'],
  ]);
});

it('takes nobody for idle who speaks', () => {
  expectTimeline({ ...VOICE, idleTimeoutMs: 5_000 }, [
    [0, opens(ANN, BEN), 'say joined', 'show listening'],
    [1_000, speaks(ANN, 900)],
    [9_000, stops(ANN, 8_900), 'watch 1: ann for 1000'],
    [10_000, silent(ANN, 1)],
    [11_500, undefined, 'ann said ""'],
    [14_000, undefined, 'say idle', 'leave (idle)'],
  ]);
});

it('ends a turn also where the ears never tell of the silence', () => {
  expectTimeline(VOICE, [
    START,
    [1_000, speaks(ANN, 900)],
    [1_400, final(ANN, 'Yes.', 1_300), 'ann says "Yes."'],
    [1_500, stops(ANN, 1_400), 'watch 1: ann for 250'],
    [3_750, undefined, 'ann said "Yes."', 'turn Ann: Yes.', 'reply 1 to ann/v-1', 'show thinking'],
  ]);
});
