import { it } from 'vitest';
import type { EventBody, Person } from '../../src/conversation/events.ts';
import {
  ANN,
  BEN,
  EGRESS,
  comes,
  expectTimeline,
  final,
  interim,
  opens,
  silent,
  speaks,
  stops,
  writes,
} from '../support/timeline.ts';

const VOICE = { newTurnWhileReplying: 'interrupt', idleTimeoutMs: 0 } as const;
const START = [0, opens(ANN), 'say joined', 'show listening'] as const;
const unheard = ({ identity }: Person): EventBody => ({ type: 'unheard', identity });

it('says that it cannot hear, once until somebody is understood again', () => {
  expectTimeline(VOICE, [
    START,
    [1, comes(BEN)],
    [6_000, unheard(ANN), 'say cannot-hear'],
    [11_000, unheard(ANN)],
    [11_500, unheard(BEN)],
    [12_000, interim(ANN, 'Can you', 11_900), 'ann says "Can you"'],
    [13_500, undefined, 'ann said "Can you"', 'aside Ann: Can you'],
    [18_000, unheard(BEN), 'say cannot-hear'],
  ]);
});

it('does not say so of a recorder, of strangers, or before it talks with anybody', () => {
  expectTimeline(VOICE, [
    [0, comes(ANN), 'show listening'],
    [1, unheard(ANN)],
    [2, opens(ANN), 'say joined'],
    [3, comes(EGRESS)],
    [4, unheard(EGRESS)],
    [5, unheard(BEN)],
    [6, unheard(ANN), 'say cannot-hear'],
  ]);
});

it('takes words that another provider still finds in what nobody had understood', () => {
  expectTimeline(VOICE, [
    START,
    [1_000, speaks(ANN, 900)],
    [2_000, stops(ANN, 1_900), 'watch 1: ann for 1000'],
    [2_600, silent(ANN, 1)],
    [4_100, undefined, 'ann said ""'],
    [
      4_500,
      final(ANN, 'How are you?', 1_900),
      'ann says "How are you?"',
      'ann said "How are you?"',
      'turn Ann: How are you?',
      'reply 1 to ann/v-2',
      'show thinking',
    ],
  ]);
});

it('begins no answer while somebody speaks, also where the words so far were dropped', () => {
  expectTimeline(VOICE, [
    START,
    [1_000, writes(ANN, 'one'), 'turn Ann: one', 'reply 1 to one', 'show thinking'],
    [1_500, speaks(ANN, 900), 'hold 1'],
    [1_900, interim(ANN, 'Hm', 1_200), 'ann says "Hm"'],
    [2_100, { type: 'words-dropped', identity: 'ann' }, 'ann said ""'],
    [2_400, stops(ANN, 1_800), 'watch 1: ann for 1000'],
    [2_500, { type: 'words-dropped', identity: 'ann' }, 'ann said ""', 'resume 1'],
    // Nor is it kept waiting for longer by what never becomes words.
    [3_000, speaks(ANN, 2_400), 'hold 1'],
    [4_000, { type: 'words-dropped', identity: 'ann' }, 'ann said ""'],
    [5_000, { type: 'words-dropped', identity: 'ann' }, 'ann said ""'],
    [6_000, undefined, 'resume 1'],
    [7_000, { type: 'words-dropped', identity: 'ann' }, 'ann said ""'],
  ]);
});
