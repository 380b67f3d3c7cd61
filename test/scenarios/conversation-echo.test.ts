import { it } from 'vitest';
import {
  ANN,
  ends,
  expectTimeline,
  final,
  interim,
  keepsOn,
  opens,
  says,
  sounds,
  speaks,
  stops,
  writes,
} from '../support/timeline.ts';

const VOICE = { newTurnWhileReplying: 'interrupt', idleTimeoutMs: 0 } as const;
const TALKING = [
  [0, opens(ANN), 'say joined', 'show listening'],
  [10, writes(ANN, 'q'), 'turn Ann: q', 'reply 1 to q', 'show thinking'],
  [20, sounds(1), 'show speaking'],
  [30, says(1, 'Once upon ')],
] as const;

it('fears its own echo at first, and knows its own words', () => {
  expectTimeline(VOICE, [
    ...TALKING,
    [100, speaks(ANN, 50)],
    [400, keepsOn(ANN)],
    [500, interim(ANN, 'once upon', 500)],
    [900, stops(ANN, 800), 'watch 1: ann for 1000'],
    [1_000, final(ANN, 'Once upon.', 800), 'drop ann/v-1 (echo)', 'ann said ""'],
  ]);
});

it('fears its echo until it has spoken for three seconds, however long ago it began', () => {
  expectTimeline(VOICE, [
    ...TALKING,
    [1_000, ends(1), 'finished 1 "Once upon " to q', 'show listening'],
    [60_000, writes(ANN, 'r'), 'turn Ann: r', 'reply 2 to r', 'show thinking'],
    [60_100, sounds(2), 'show speaking'],
    [61_000, speaks(ANN, 50)],
    [62_000, keepsOn(ANN)],
    [62_120, keepsOn(ANN), 'hold 2', 'show listening'],
  ]);
});
