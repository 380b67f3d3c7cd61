import { it } from 'vitest';
import {
  ANN,
  ends,
  expectTimeline,
  interim,
  keepsOn,
  opens,
  says,
  sounds,
  speaks,
  writes,
} from '../support/timeline.ts';

const START = [0, opens(ANN), 'say joined', 'show listening'] as const;
const SWITCHED = { type: 'mode-switched' } as const;

it('makes a reply of which nothing was heard anew in the other mode', () => {
  expectTimeline({}, [
    START,
    [1_000, writes(ANN, 'one'), 'turn Ann: one', 'reply 1 to one', 'show thinking'],
    [1_500, SWITCHED, 'cut 1 (mode-switch)', 'interrupted 1 "" to nobody', 'reply 2 to one'],
  ]);
});

it('fears the echo of a voice that was only read before', () => {
  expectTimeline({ newTurnWhileReplying: 'interrupt' }, [
    START,
    [1_000, writes(ANN, 'one'), 'turn Ann: one', 'reply 1 to one', 'show thinking'],
    [1_200, sounds(1), 'show speaking'],
    [1_300, says(1, 'It is ')],
    [9_000, SWITCHED, 'cut 1 (mode-switch)', 'interrupted 1 "It is " to one', 'show listening'],
    [10_000, writes(ANN, 'two'), 'turn Ann: two', 'reply 2 to two', 'show thinking'],
    [10_200, sounds(2), 'show speaking'],
    [10_300, speaks(ANN, 900)],
    [13_100, keepsOn(ANN)],
    [13_200, keepsOn(ANN), 'hold 2', 'show listening'],
  ]);
});

it('keeps what was heard of a reply, and waits for the next turn', () => {
  expectTimeline({}, [
    START,
    [1_000, writes(ANN, 'one'), 'turn Ann: one', 'reply 1 to one', 'show thinking'],
    [1_200, sounds(1), 'show speaking'],
    [1_300, says(1, 'It is ')],
    [1_500, SWITCHED, 'cut 1 (mode-switch)', 'interrupted 1 "It is " to one', 'show listening'],
    [1_600, ends(1)],
  ]);
});

it('takes what somebody was saying as it stands', () => {
  expectTimeline({ idleTimeoutMs: 0 }, [
    START,
    [1_000, speaks(ANN, 900)],
    [1_300, interim(ANN, 'Tell me', 1_200), 'ann says "Tell me"'],
    [
      1_500,
      SWITCHED,
      'ann said "Tell me"',
      'turn Ann: Tell me',
      'reply 1 to ann/v-1',
      'show thinking',
    ],
  ]);
});
