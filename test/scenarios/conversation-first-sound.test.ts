import { describe, it } from 'vitest';
import {
  ANN,
  BEN,
  expectTimeline,
  final,
  interim,
  keepsOn,
  opens,
  silent,
  sounds,
  speaks,
  stops,
  writes,
} from '../support/timeline.ts';

const VOICE = { newTurnWhileReplying: 'interrupt', idleTimeoutMs: 0 } as const;

describe('a reply that is cut on its first sound', () => {
  it('is made again, not over whoever cut it but once they have finished', () => {
    expectTimeline(VOICE, [
      [0, opens(ANN), 'say joined', 'show listening'],
      [10, writes(ANN, 'q'), 'turn Ann: q', 'reply 1 to q', 'show thinking'],
      [20, sounds(1), 'show speaking'],
      [4_000, speaks(ANN, 900)],
      [4_300, keepsOn(ANN), 'hold 1', 'show listening'],
      [
        4_600,
        interim(ANN, 'wait', 1_400),
        'ann says "wait"',
        'cut 1 (barge-in)',
        'interrupted 1 "" to nobody',
      ],
      [5_000, final(ANN, 'Wait, tell me two.', 1_900), 'ann says "Wait, tell me two."'],
      [5_100, stops(ANN, 1_950), 'watch 1: ann for 250'],
      [
        5_350,
        silent(ANN, 1),
        'ann said "Wait, tell me two."',
        'turn Ann: Wait, tell me two.',
        'reply 2 to q, ann/v-1',
        'show thinking',
      ],
    ]);
  });

  it('is made again once somebody else who cut it has finished', () => {
    expectTimeline(VOICE, [
      [0, opens(ANN, BEN), 'say joined', 'show listening'],
      [10, writes(ANN, 'Mia, hi'), 'turn Ann: Mia, hi', 'reply 1 to Mia, hi', 'show thinking'],
      [20, sounds(1), 'show speaking'],
      [4_000, speaks(BEN, 900)],
      [
        4_600,
        interim(BEN, 'please be quiet now', 1_500),
        'ben says "please be quiet now"',
        'cut 1 (barge-in)',
        'interrupted 1 "" to nobody',
        'show listening',
      ],
      [4_700, final(BEN, 'Please be quiet now.', 1_600), 'ben says "Please be quiet now."'],
      [4_800, stops(BEN, 1_600), 'watch 1: ben for 250'],
      [
        5_050,
        silent(BEN, 1),
        'ben said "Please be quiet now."',
        'aside Ben: Please be quiet now.',
        'reply 2 to Mia, hi',
        'show thinking',
      ],
    ]);
  });
});
