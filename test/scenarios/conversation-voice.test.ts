import { describe, it } from 'vitest';
import {
  ANN,
  BEN,
  ends,
  expectTimeline,
  final,
  interim,
  mutes,
  opens,
  says,
  silent,
  speaks,
  stops,
} from '../support/timeline.ts';

const VOICE = { newTurnWhileReplying: 'interrupt', idleTimeoutMs: 0 } as const;
const START = [0, opens(ANN), 'say joined', 'show listening'] as const;

it('commits a finished sentence after the shortest silence', () => {
  expectTimeline(VOICE, [
    START,
    [1_000, speaks(ANN, 900)],
    [1_500, interim(ANN, 'Tell me', 1_400), 'ann says "Tell me"'],
    [2_000, stops(ANN, 1_900), 'watch 1: ann for 600'],
    [2_100, final(ANN, 'How are you?', 1_850), 'ann says "How are you?"', 'watch 2: ann for 250'],
    [
      2_200,
      silent(ANN, 2),
      'ann said "How are you?"',
      'turn Ann: How are you?',
      'reply 1 to ann/v-1',
      'show thinking',
    ],
  ]);
});

it('joins all finals of a turn, and waits longer where a word calls for another', () => {
  expectTimeline(VOICE, [
    START,
    [1_000, speaks(ANN, 900)],
    [2_000, stops(ANN, 1_900), 'watch 1: ann for 1000'],
    [2_100, final(ANN, 'I would like', 1_850), 'ann says "I would like"', 'watch 2: ann for 1500'],
    [2_500, speaks(ANN, 2_400)],
    [2_600, silent(ANN, 2)],
    [3_000, stops(ANN, 2_900), 'watch 3: ann for 1500'],
    [
      3_100,
      final(ANN, 'some tea.', 2_880),
      'ann says "I would like some tea."',
      'watch 4: ann for 250',
    ],
    [
      3_150,
      silent(ANN, 4),
      'ann said "I would like some tea."',
      'turn Ann: I would like some tea.',
      'reply 1 to ann/v-1',
      'show thinking',
    ],
  ]);
});

it('waits for words that are late, then takes the interim, and drops its final', () => {
  expectTimeline(VOICE, [
    START,
    [1_000, speaks(ANN, 900)],
    [1_800, interim(ANN, 'Stop it.', 1_700), 'ann says "Stop it."'],
    [2_000, stops(ANN, 1_900), 'watch 1: ann for 250'],
    [2_250, silent(ANN, 1)],
    [
      3_750,
      undefined,
      'ann said "Stop it."',
      'turn Ann: Stop it.',
      'reply 1 to ann/v-1',
      'show thinking',
    ],
    [3_900, final(ANN, 'Stop it.', 1_950), 'drop ann/v (already-committed)'],
  ]);
});

it('waits for words that come before their sound is noticed, as long as more come, and knows their final', () => {
  expectTimeline(VOICE, [
    START,
    [1_000, interim(ANN, 'What is', 800), 'ann says "What is"'],
    [2_000, interim(ANN, 'What is the capital', 1_700), 'ann says "What is the capital"'],
    [3_000, interim(ANN, 'What is the capital?', 1_900), 'ann says "What is the capital?"'],
    [
      4_500,
      undefined,
      'ann said "What is the capital?"',
      'turn Ann: What is the capital?',
      'reply 1 to ann/v-1',
      'show thinking',
    ],
    [4_700, final(ANN, 'What is the capital?', 1_900, 600), 'drop ann/v (already-committed)'],
  ]);
});

it('knows words that a provider hears again, whatever it says of their time, from words said again', () => {
  expectTimeline(VOICE, [
    START,
    [1_000, speaks(ANN, 900)],
    [1_800, final(ANN, 'Stop it now.', 1_850, 900), 'ann says "Stop it now."'],
    [2_000, stops(ANN, 1_900), 'watch 1: ann for 250'],
    [
      2_250,
      silent(ANN, 1),
      'ann said "Stop it now."',
      'turn Ann: Stop it now.',
      'reply 1 to ann/v-1',
      'show thinking',
    ],
    [2_400, final(ANN, 'Stop it now.', 2_600, 1_200), 'drop ann/v (already-committed)'],
    [2_450, final(ANN, 'it now.', 2_500, 1_300), 'drop ann/v (already-committed)'],
    [
      2_500,
      final(ANN, 'Not that.', 2_300, 1_500),
      'ann says "Not that."',
      'ann said "Not that."',
      'turn Ann: Not that.',
      'cut 1 (new-turn)',
      'interrupted 1 "" to nobody',
      'reply 2 to ann/v-1, ann/v-2',
    ],
    [2_900, speaks(ANN, 2_400), 'hold 2'],
    [3_600, final(ANN, 'Stop it now.', 3_300, 2_400), 'ann says "Stop it now."'],
  ]);
});

it('takes what was said when the microphone is muted, and makes nothing of a cough', () => {
  expectTimeline(VOICE, [
    START,
    [1_000, speaks(ANN, 900)],
    [1_300, interim(ANN, 'Hello', 1_200), 'ann says "Hello"'],
    [
      1_500,
      mutes(ANN),
      'ann said "Hello"',
      'turn Ann: Hello',
      'reply 1 to ann/v-1',
      'show thinking',
    ],
    [1_600, says(1, 'Yes.'), 'show speaking'],
    [1_700, ends(1), 'finished 1 "Yes." to ann/v-1', 'show listening'],
    [2_000, speaks(ANN, 1_900)],
    [2_200, stops(ANN, 2_100), 'watch 1: ann for 1000'],
    [3_200, silent(ANN, 1)],
    [4_700, undefined, 'ann said ""'],
  ]);
});

it('learns how long somebody pauses in the middle', () => {
  expectTimeline(VOICE, [
    START,
    [1_000, speaks(ANN, 900)],
    [1_400, interim(ANN, 'Tell me', 1_200), 'ann says "Tell me"'],
    [1_500, stops(ANN, 1_400), 'watch 1: ann for 600'],
    [2_400, speaks(ANN, 2_400)],
    [2_900, stops(ANN, 2_800), 'watch 2: ann for 1400'],
  ]);
});

it('takes what nobody understood for nothing said', () => {
  expectTimeline(VOICE, [
    START,
    [1_000, speaks(ANN, 900)],
    [1_300, interim(ANN, 'Hm', 1_200), 'ann says "Hm"'],
    [1_500, stops(ANN, 1_400), 'watch 1: ann for 600'],
    [2_000, silent(ANN, 1)],
    [2_100, { type: 'words-dropped', identity: 'ann' }, 'ann said ""'],
  ]);
});

it('keeps what somebody is saying when it leaves, and answers who never ends in pieces', () => {
  const words = 'on and '.repeat(600).trim();
  expectTimeline(VOICE, [
    START,
    [1_000, speaks(ANN, 900)],
    [
      9_000,
      final(ANN, words, 8_000),
      `ann says "${words}"`,
      `ann said "${words}"`,
      `turn Ann: ${words}`,
      'reply 1 to ann/v-1',
      'show thinking',
    ],
    [9_100, interim(ANN, 'And more', 9_000), 'ann says "And more"'],
    [
      9_200,
      { type: 'leave-requested', reason: 'stopped' },
      'ann said "And more"',
      'turn Ann: And more',
      'cut 1 (leaving)',
      'interrupted 1 "" to nobody',
      'leave (stopped)',
    ],
  ]);
});

describe('somebody who speaks when the room is another bot’s already', () => {
  const TAKEN = [
    [1_500, { type: 'link-lost' }],
    [1_520, { type: 'leave-requested', reason: 'stopped' }],
  ] as const;

  it('is kept with the words that come late', () => {
    expectTimeline(VOICE, [
      START,
      [1_000, speaks(ANN, 900)],
      ...TAKEN,
      [1_700, final(ANN, 'Do you hear', 1_450), 'ann says "Do you hear"'],
      [
        1_750,
        { type: 'microphone-silent', identity: 'ann' },
        'ann said "Do you hear"',
        'turn Ann: Do you hear',
        'leave (stopped)',
      ],
      [1_800, speaks(BEN, 1_700)],
      [1_900, final(BEN, 'Hello', 1_800)],
    ]);
  });

  it('is waited for no longer than half a second', () => {
    expectTimeline(VOICE, [
      START,
      [1_000, speaks(ANN, 900)],
      [1_300, interim(ANN, 'Do you', 1_200), 'ann says "Do you"'],
      ...TAKEN,
      [2_020, undefined, 'ann said "Do you"', 'turn Ann: Do you', 'leave (stopped)'],
    ]);
  });
});
