import { alone, aside, japanese, meeting, say, turn, voice } from './scenario.ts';
import type { Scenario } from './scenario.ts';

/** Every scene of the benchmark. */
export const SCENARIOS: readonly Scenario[] = [
  ...[
    'hello-emma',
    'story-oliver',
    'weather-grace',
    'joke-sam',
    'capital-oliver',
    'how-much-sam',
  ].map((recording) => alone('finished sentence', recording, [turn(say(500, recording))])),
  ...(
    [
      ['table-oliver', 3, 700],
      ['password-emma', 3, 900],
      ['homework-grace', 5, 800],
      ['japan-sam', 6, 900],
      ['capital-oliver', 3, 800],
      ['report-sam', 4, 1_000],
      ['sunday-emma', 5, 800],
      ['moon-oliver', 4, 900],
      ['jazz-emma', 3, 600],
      ['name-is-anna-emma', 2, 900],
      ['story-oliver', 5, 800],
      ['weather-sam', 3, 700],
    ] as const
  ).map(([recording, cut, pauseMs]) =>
    alone('pause in mid-sentence', `${recording}, ${pauseMs} ms`, [
      turn(say(500, recording, [0, cut]), say(pauseMs, recording, [cut, 99])),
    ]),
  ),
  alone('list of numbers', 'counting, 700 ms', [
    turn(say(500, 'count-sam', [0, 3]), say(700, 'count-sam', [3, 99])),
  ]),
  alone('list of numbers', 'counting, 500 ms twice', [
    turn(
      say(500, 'count-sam', [0, 2]),
      say(500, 'count-sam', [2, 4]),
      say(500, 'count-sam', [4, 99]),
    ),
  ]),
  alone('list of numbers', 'telephone, 800 ms', [
    turn(say(500, 'phone-oliver', [0, 6]), say(800, 'phone-oliver', [6, 99])),
  ]),
  ...(
    [
      ['weather-emma', 'and-tomorrow-emma', 600],
      ['capital-oliver', 'why-oliver', 2_500],
      ['joke-sam', 'again-sam', 3_000],
      ['moon-oliver', 'thanks-oliver', 2_500],
      ['sunday-emma', 'my-name-emma', 1_200],
    ] as const
  ).map(([first, second, afterMs]) =>
    alone('follow-up', `${second} after ${afterMs} ms`, [
      turn(say(500, first)),
      turn(say(afterMs, second)),
    ]),
  ),
  alone('correction', 'Tuesday, not Monday', [
    turn(say(500, 'sunday-emma')),
    turn(say(1_500, 'tuesday-emma')),
  ]),
  alone('correction', 'the blue one', [
    turn(say(500, 'cheapest-grace')),
    turn(say(2_000, 'blue-one-grace')),
  ]),
  alone('correction', 'not what I asked', [
    turn(say(500, 'story-emma')),
    turn(say(2_500, 'not-asked-emma')),
  ]),
  meeting(
    'overlap',
    'two at once, neither for the bot',
    ['Emma', 'Oliver'],
    [
      voice('Emma', [aside(say(500, 'jazz-emma'))]),
      voice('Oliver', [aside(say(900, 'table-oliver'))]),
    ],
  ),
  meeting(
    'overlap',
    'one asks the bot while the other talks',
    ['Emma', 'Sam'],
    [
      voice('Emma', [turn(say(500, 'ada-think-emma'))]),
      voice('Sam', [aside(say(900, 'japan-sam'))]),
    ],
  ),
  meeting(
    'overlap',
    'one speaks over the end of the other',
    ['Emma', 'Oliver'],
    [
      voice('Emma', [aside(say(500, 'name-is-anna-emma'))]),
      voice('Oliver', [turn(say(1_200, 'ada-think-oliver'))]),
    ],
  ),
  meeting(
    'name',
    'named by the first word',
    ['Emma', 'Oliver'],
    [voice('Oliver', [turn(say(500, 'ada-think-oliver'))])],
  ),
  meeting(
    'name',
    'named, can you hear us',
    ['Emma', 'Sam'],
    [voice('Sam', [turn(say(500, 'ada-hear-sam'))])],
  ),
  meeting(
    'name',
    'the same question without the name',
    ['Emma', 'Oliver'],
    [voice('Oliver', [aside(say(500, 'think-oliver'))])],
  ),
  meeting(
    'name',
    'somebody else is named',
    ['Emma', 'Sam'],
    [voice('Emma', [aside(say(500, 'lunch-grace'))])],
  ),
  meeting(
    'three speakers',
    'they talk among themselves',
    ['Emma', 'Oliver', 'Sam'],
    [
      voice('Emma', [aside(say(500, 'think-emma'))]),
      voice('Oliver', [aside(say(2_500, 'green-sam'))]),
      voice('Sam', [aside(say(5_000, 'japan-sam'))]),
    ],
  ),
  meeting(
    'three speakers',
    'the third one asks the bot',
    ['Emma', 'Oliver', 'Sam'],
    [
      voice('Emma', [aside(say(500, 'jazz-emma'))]),
      voice('Oliver', [aside(say(2_500, 'think-oliver'))]),
      voice('Sam', [turn(say(4_800, 'ada-hear-sam'))]),
    ],
  ),
  meeting(
    'three speakers',
    'one asks, and asks on',
    ['Emma', 'Oliver', 'Sam'],
    [voice('Emma', [turn(say(500, 'ada-think-emma')), turn(say(5_000, 'and-tomorrow-emma'))])],
  ),
  {
    ...alone('typed while spoken', 'a line in the middle of a sentence', [
      turn(say(500, 'story-emma')),
    ]),
    typed: [{ atMs: 1_000, speaker: 'Emma', text: 'What time is it?' }],
  },
  {
    ...alone('typed while spoken', 'a line while the bot answers', [turn(say(500, 'joke-sam'))]),
    typed: [{ atMs: 3_600, speaker: 'Emma', text: 'Never mind.' }],
  },
  alone('no turn', 'a cough', [], [say(500, 'cough-1')]),
  alone(
    'no turn',
    'a sign of attention while the bot speaks',
    [turn(say(500, 'story-oliver'))],
    [say(2_200, 'mhm-oliver')],
  ),
  alone(
    'no turn',
    'a sneeze while the bot speaks',
    [turn(say(500, 'weather-emma'))],
    [say(2_200, 'sneeze')],
  ),
  ...[
    'osusume-yuki',
    'konnichiwa-ken',
    'tenki-ken',
    'namae-yuki',
    'mouichido-yuki',
    'ikura-yuki',
  ].map((recording) => japanese(recording, [turn(say(500, recording))])),
  japanese('a filler, then 700 ms', [
    turn(say(500, 'yotei-ken', [0, 1]), say(700, 'yotei-ken', [1, 99])),
  ]),
  japanese('a question behind an answer', [
    turn(say(500, 'tenki-ken')),
    turn(say(3_000, 'ikura-yuki')),
  ]),
];
