import { it } from 'vitest';
import type { EventBody, Person } from '../../src/conversation/events.ts';
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

/** Words of theirs were too unsure to count. */
const unsure = ({ identity }: Person): EventBody => ({ type: 'words-dropped', identity });

const VOICE = { newTurnWhileReplying: 'interrupt', idleTimeoutMs: 0 } as const;
const START = [0, opens(ANN), 'say joined', 'show listening'] as const;

/** A reply that has been heard for longer than its echo is feared. */
const TALKING = [
  [0, opens(ANN), 'say joined', 'show listening'],
  [10, writes(ANN, 'q'), 'turn Ann: q', 'reply 1 to q', 'show thinking'],
  [20, sounds(1), 'show speaking'],
  [30, says(1, 'Once upon ')],
  [3_900, says(1, 'a time there was a fox ')],
] as const;

it('is held by sound that lasts, and cut by words', () => {
  expectTimeline(VOICE, [
    ...TALKING,
    [4_000, speaks(ANN, 900)],
    [4_300, keepsOn(ANN), 'hold 1', 'show listening'],
    [
      4_600,
      interim(ANN, 'wait', 1_400),
      'ann says "wait"',
      'cut 1 (barge-in)',
      'interrupted 1 "Once upon a time there was a fox " to q',
    ],
  ]);
});

it('goes on after a cough, and after a sign of attention', () => {
  expectTimeline(VOICE, [
    ...TALKING,
    [4_000, speaks(ANN, 900)],
    [4_300, keepsOn(ANN), 'hold 1', 'show listening'],
    [4_400, stops(ANN, 1_300), 'watch 1: ann for 1000'],
    [5_400, silent(ANN, 1), 'resume 1', 'show speaking'],
    [6_900, undefined, 'ann said ""'],
    [7_000, speaks(ANN, 3_900)],
    [7_300, keepsOn(ANN), 'hold 1', 'show listening'],
    [7_400, final(ANN, 'Mhm.', 4_300), 'ann says "Mhm."'],
    [7_500, stops(ANN, 4_350), 'watch 2: ann for 250'],
    [
      7_750,
      silent(ANN, 2),
      'ann said "Mhm."',
      'drop ann/v-2 (backchannel)',
      'resume 1',
      'show speaking',
    ],
    // Twice in vain: from here on words are needed.
    [8_000, speaks(ANN, 5_000)],
    [8_300, keepsOn(ANN)],
  ]);
});

it('goes on as soon as words that held it are dropped, and closes what was shown of them', () => {
  expectTimeline(VOICE, [
    ...TALKING,
    [4_000, speaks(ANN, 900)],
    [4_100, interim(ANN, 'Mhm', 1_000), 'ann says "Mhm"'],
    [4_300, keepsOn(ANN), 'hold 1', 'show listening'],
    [4_400, stops(ANN, 1_300), 'watch 1: ann for 600'],
    [4_500, unsure(ANN), 'ann said ""', 'resume 1', 'show speaking'],
    [5_000, silent(ANN, 1)],
    // Of who goes on speaking, what comes then is another turn.
    [7_000, speaks(ANN, 3_900)],
    [7_300, keepsOn(ANN), 'hold 1', 'show listening'],
    [7_400, unsure(ANN), 'ann said ""', 'resume 1', 'show speaking'],
    [
      7_600,
      interim(ANN, 'stop', 4_400),
      'ann says "stop"',
      'cut 1 (barge-in)',
      'interrupted 1 "Once upon a time there was a fox " to q',
      'show listening',
    ],
    [7_700, stops(ANN, 4_500), 'watch 2: ann for 600'],
    [7_800, final(ANN, 'Stop it.', 4_450), 'ann says "Stop it."', 'watch 3: ann for 250'],
    [7_900, unsure(ANN), 'ann says "Stop it."'],
    [
      7_950,
      silent(ANN, 3),
      'ann said "Stop it."',
      'turn Ann: Stop it.',
      'reply 2 to ann/v-3',
      'show thinking',
    ],
  ]);
});

it('is held no longer than two seconds for nothing', () => {
  expectTimeline(VOICE, [
    ...TALKING,
    [4_000, speaks(ANN, 900)],
    [4_300, keepsOn(ANN), 'hold 1', 'show listening'],
    [6_300, undefined, 'resume 1', 'show speaking'],
  ]);
});

it('makes a reply while somebody speaks, and waits with its first sound', () => {
  expectTimeline(VOICE, [
    START,
    [1_000, speaks(ANN, 900)],
    [1_100, writes(ANN, 'typed'), 'turn Ann: typed', 'reply 1 to typed', 'hold 1', 'show thinking'],
    [4_100, undefined, 'resume 1'],
  ]);
});

it('is made for all of it where somebody speaks on for longer than its patience', () => {
  expectTimeline(VOICE, [
    START,
    [1_000, writes(ANN, 'one'), 'turn Ann: one', 'reply 1 to one', 'show thinking'],
    [3_500, speaks(ANN, 900), 'hold 1'],
    [5_500, final(ANN, 'I mean two.', 1_400), 'ann says "I mean two."'],
    [5_600, stops(ANN, 1_450), 'watch 1: ann for 250'],
    [
      5_850,
      silent(ANN, 1),
      'ann said "I mean two."',
      'turn Ann: I mean two.',
      'cut 1 (new-turn)',
      'interrupted 1 "" to nobody',
      'reply 2 to one, ann/v-1',
    ],
  ]);
});

it('lets others talk among themselves, and keeps their talk', () => {
  expectTimeline(VOICE, [
    [0, opens(ANN, BEN), 'say joined', 'show listening'],
    [
      10,
      writes(ANN, 'Mia, a story'),
      'turn Ann: Mia, a story',
      'reply 1 to Mia, a story',
      'show thinking',
    ],
    [20, sounds(1), 'show speaking'],
    [30, says(1, 'Once upon ')],
    [4_000, speaks(BEN, 900)],
    [4_300, keepsOn(BEN)],
    [4_500, final(BEN, 'How nice.', 1_400), 'ben says "How nice."'],
    [4_600, stops(BEN, 1_450), 'watch 1: ben for 250'],
    [4_850, silent(BEN, 1), 'ben said "How nice."', 'aside Ben: How nice.'],
    [5_000, speaks(BEN, 2_000)],
    [
      5_600,
      interim(BEN, 'Mia stop', 2_500),
      'ben says "Mia stop"',
      'cut 1 (barge-in)',
      'interrupted 1 "Once upon " to Mia, a story',
      'show listening',
    ],
  ]);
});

it('goes on with whom it answers and is cut by, unless they turn to somebody else', () => {
  const cut = (said: string, ...then: readonly string[]) =>
    expectTimeline(VOICE, [
      [0, opens(ANN, BEN), 'say joined', 'show listening'],
      [10, writes(ANN, 'Mia?'), 'turn Ann: Mia?', 'reply 1 to Mia?', 'show thinking'],
      [20, sounds(1), 'show speaking'],
      [30, says(1, 'Once upon ')],
      [4_000, speaks(ANN, 900)],
      [
        4_300,
        final(ANN, said, 1_400),
        `ann says "${said}"`,
        'cut 1 (barge-in)',
        'interrupted 1 "Once upon " to Mia?',
        'show listening',
      ],
      [4_400, stops(ANN, 1_450), 'watch 1: ann for 250'],
      [4_650, silent(ANN, 1), `ann said "${said}"`, ...then],
    ]);
  cut('No, the other one.', 'turn Ann: No, the other one.', 'reply 2 to ann/v-1', 'show thinking');
  cut('Ben, come here.', 'aside Ann: Ben, come here.');
});

it('hears four words of somebody whom it does not answer, and whose they are on two microphones', () => {
  expectTimeline(VOICE, [
    [0, opens(ANN, BEN), 'say joined', 'show listening'],
    [10, writes(ANN, 'Mia, hi'), 'turn Ann: Mia, hi', 'reply 1 to Mia, hi', 'show thinking'],
    [20, sounds(1), 'show speaking'],
    [30, says(1, 'Once upon ')],
    [4_000, speaks(BEN, 900)],
    [4_300, interim(BEN, 'please be quiet', 1_200), 'ben says "please be quiet"'],
    [
      4_600,
      interim(BEN, 'please be quiet now', 1_500),
      'ben says "please be quiet now"',
      'cut 1 (barge-in)',
      'interrupted 1 "Once upon " to Mia, hi',
      'show listening',
    ],
    [4_700, stops(BEN, 1_600), 'watch 1: ben for 600'],
    [
      4_800,
      final(BEN, 'Please be quiet now.', 1_600),
      'ben says "Please be quiet now."',
      'watch 2: ben for 250',
    ],
    [5_000, silent(BEN, 2), 'ben said "Please be quiet now."', 'aside Ben: Please be quiet now.'],
    [
      5_100,
      final(ANN, 'please be quiet now', 700),
      'ann says "please be quiet now"',
      'ann said "please be quiet now"',
      'drop ann/v-2 (repeated)',
    ],
  ]);
});
