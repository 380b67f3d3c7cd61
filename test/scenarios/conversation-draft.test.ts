import { it } from 'vitest';
import {
  ANN,
  BEN,
  ends,
  expectTimeline,
  final,
  interim,
  opens,
  RULES,
  says,
  silent,
  speaks,
  stops,
  writes,
} from '../support/timeline.ts';

const VOICE = {
  newTurnWhileReplying: 'interrupt',
  idleTimeoutMs: 0,
  speech: { ...RULES.speech, draftsPerTurn: 2 },
} as const;
const START = [0, opens(ANN), 'say joined', 'show listening'] as const;
/** Ann has spoken, and what she said looks like a whole. */
const DRAFTED = [
  START,
  [1_000, speaks(ANN, 900)],
  [1_900, interim(ANN, 'How are you?', 1_700), 'ann says "How are you?"'],
  [2_000, stops(ANN, 1_900), 'watch 1: ann for 250', 'draft 1 to Ann: How are you?'],
] as const;

it('makes the reply while the silence is waited for, and releases it with the turn', () => {
  expectTimeline(VOICE, [
    ...DRAFTED,
    [2_100, final(ANN, 'how are you', 1_850), 'ann says "how are you"', 'watch 2: ann for 600'],
    [
      2_500,
      silent(ANN, 2),
      'ann said "how are you"',
      'turn Ann: how are you',
      'release 1',
      'show thinking',
    ],
    [2_600, says(1, 'Fine.'), 'show speaking'],
    [2_700, ends(1), 'finished 1 "Fine." to ann/v-1', 'show listening'],
  ]);
});

it('makes another one for other words, so many times', () => {
  expectTimeline(VOICE, [
    ...DRAFTED,
    [
      2_100,
      final(ANN, 'Who are you?', 1_850),
      'ann says "Who are you?"',
      'cut 1 (draft-void)',
      'draft 2 to Ann: Who are you?',
    ],
    [2_120, speaks(ANN, 2_050)],
    [2_300, final(ANN, 'And he?', 2_250), 'ann says "Who are you? And he?"', 'cut 2 (draft-void)'],
    [2_400, stops(ANN, 2_280), 'watch 2: ann for 250'],
    [
      2_600,
      silent(ANN, 2),
      'ann said "Who are you? And he?"',
      'turn Ann: Who are you? And he?',
      'reply 3 to ann/v-1',
      'show thinking',
    ],
  ]);
});

it('keeps it over a pause that brings no new words', () => {
  expectTimeline(VOICE, [
    ...DRAFTED,
    [2_150, speaks(ANN, 2_100)],
    [2_400, stops(ANN, 2_300), 'watch 2: ann for 250'],
    [2_500, final(ANN, 'How are you?', 2_290), 'ann says "How are you?"'],
    [
      2_550,
      silent(ANN, 2),
      'ann said "How are you?"',
      'turn Ann: How are you?',
      'release 1',
      'show thinking',
    ],
  ]);
});

it('drops it where somebody writes meanwhile, or nothing reaches the room', () => {
  expectTimeline(VOICE, [
    ...DRAFTED,
    [
      2_100,
      writes(ANN, 'wait'),
      'cut 1 (draft-void)',
      'turn Ann: wait',
      'reply 2 to wait',
      'show thinking',
    ],
  ]);
  expectTimeline(VOICE, [...DRAFTED, [2_100, { type: 'link-lost' }, 'cut 1 (draft-void)']]);
});

it('makes a draft that failed again as the reply', () => {
  expectTimeline({ ...VOICE, speech: { ...VOICE.speech, draftsPerTurn: 1 } }, [
    ...DRAFTED,
    [2_050, ends(1, 'failed')],
    [2_100, final(ANN, 'How are you?', 1_850), 'ann says "How are you?"'],
    [
      2_250,
      silent(ANN, 1),
      'ann said "How are you?"',
      'turn Ann: How are you?',
      'reply 2 to ann/v-1',
      'show thinking',
    ],
  ]);
});

it('makes none for what is not for the bot, calls for more, or while others speak', () => {
  expectTimeline(VOICE, [
    [0, opens(ANN, BEN), 'say joined', 'show listening'],
    [1_000, speaks(ANN, 900)],
    [1_900, interim(ANN, 'How are you?', 1_700), 'ann says "How are you?"'],
    [2_000, stops(ANN, 1_900), 'watch 1: ann for 250'],
  ]);
  expectTimeline(VOICE, [
    START,
    [1_000, speaks(ANN, 900)],
    [1_900, interim(ANN, 'Tell me about', 1_700), 'ann says "Tell me about"'],
    [2_000, stops(ANN, 1_900), 'watch 1: ann for 1500'],
  ]);
  expectTimeline({ ...VOICE, addressing: { rule: 'always', names: [], phrases: [] } }, [
    [0, opens(ANN, BEN), 'say joined', 'show listening'],
    [1_000, speaks(ANN, 900)],
    [1_100, speaks(BEN, 1_000)],
    [1_900, interim(ANN, 'How are you?', 1_700), 'ann says "How are you?"'],
    [2_000, stops(ANN, 1_900), 'watch 1: ann for 250'],
  ]);
});
