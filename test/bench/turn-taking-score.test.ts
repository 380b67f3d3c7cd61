import { expect, it } from 'vitest';
import { scoreScene } from '../../bench/turn-taking/score.ts';

const said = (endsMs: number, answered = true) => ({ speaker: 'Emma', endsMs, answered });
const taken = (atMs: number, addressed = true) => ({ speaker: 'Emma', atMs, addressed });

it('finds nothing wrong with a turn that is taken behind its end and answered as it should be', () => {
  expect(
    scoreScene([said(1_000), said(3_000, false)], [taken(1_300), taken(3_400, false)]),
  ).toEqual({
    turns: 2,
    tooEarly: 0,
    tooLate: 0,
    answeredUnaddressed: 0,
    unanswered: 0,
    delaysMs: [300, 400],
  });
});

it.each([
  ['taken in the middle, and once more', [said(2_000)], [taken(1_000), taken(2_300)], 'tooEarly'],
  ['taken long after its end', [said(1_000)], [taken(3_500)], 'tooLate'],
  ['never taken', [said(1_000, false)], [], 'tooLate'],
  [
    'answered, though for somebody else',
    [said(1_000, false)],
    [taken(1_300)],
    'answeredUnaddressed',
  ],
  ['no turn at all, and answered', [], [taken(1_300)], 'answeredUnaddressed'],
  ['for the bot, and not answered', [said(1_000)], [taken(1_300, false)], 'unanswered'],
] as const)('counts a turn that is %s', (_what, turns, takes, count) => {
  const { turns: _turns, delaysMs: _delays, ...counts } = scoreScene(turns, takes);
  expect(counts).toEqual({
    tooEarly: 0,
    tooLate: 0,
    answeredUnaddressed: 0,
    unanswered: 0,
    [count]: 1,
  });
});

it('keeps speakers apart', () => {
  const other = { speaker: 'Sam', endsMs: 1_000, answered: false };
  const score = scoreScene(
    [said(1_000), other],
    [taken(1_200), { ...taken(1_100, false), speaker: 'Sam' }],
  );
  expect(score).toMatchObject({ turns: 2, answeredUnaddressed: 0, unanswered: 0 });
});
