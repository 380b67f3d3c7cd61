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
