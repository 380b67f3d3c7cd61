import { describe, expect, it } from 'vitest';
import type { GuestSight } from '../../bench/lib/guest-protocol.ts';
import type { SavedMessage } from '../../bench/lib/memory.ts';
import { errorsSeen } from '../../bench/rolling/errors-seen.ts';
import { gapsOf } from '../../bench/rolling/gaps.ts';
import { turnFates } from '../../bench/rolling/turn-fates.ts';

function shows(at: number, sid: string, state: string): GuestSight {
  return { what: 'state', room: 'r', at, sid, state };
}

function goes(at: number, sid: string): GuestSight {
  return { what: 'gone', room: 'r', at, sid };
}

function line(text: string): GuestSight {
  return { what: 'line', room: 'r', at: 0, text };
}

describe('the gaps that a guest has', () => {
  it('last from the going of a bot to a state of the next that can be talked with', () => {
    const sights = [
      shows(100, 'one', 'listening'),
      goes(500, 'one'),
      shows(510, 'two', 'initializing'),
      shows(640, 'two', 'listening'),
    ];
    expect(gapsOf(sights, [])).toEqual([{ from: 500, ms: 140 }]);
  });

  it('begin when the bot cannot be talked with any more, though it is there', () => {
    const sights = [
      shows(100, 'one', 'speaking'),
      shows(300, 'one', 'initializing'),
      shows(350, 'one', 'thinking'),
    ];
    expect(gapsOf(sights, [])).toEqual([{ from: 300, ms: 50 }]);
  });

  it('begin when its worker knew that it was out, if the guest learned it later', () => {
    const sights = [
      shows(100, 'one', 'listening'),
      goes(500, 'one'),
      shows(501, 'two', 'listening'),
      goes(900, 'two'),
      shows(960, 'three', 'listening'),
    ];
    expect(gapsOf(sights, [420, 910, undefined])).toEqual([
      { from: 420, ms: 81 },
      { from: 900, ms: 60 },
    ]);
  });

  it('are counted where one bot stands beside the next, and where none comes', () => {
    const besides = [shows(1, 'one', 'listening'), shows(5, 'two', 'listening'), goes(6, 'one')];
    expect(gapsOf(besides, [])).toEqual([{ from: 6, ms: 0 }]);
    expect(gapsOf([shows(1, 'one', 'listening'), goes(9, 'one')], [])).toEqual([
      { from: 9, ms: undefined },
    ]);
  });

  it('are none before the first bot', () => {
    expect(
      gapsOf([shows(1, 'one', 'initializing'), shows(9, 'one', 'listening')], [undefined]),
    ).toEqual([]);
  });
});

describe('the fates of turns', () => {
  const asked = [
    { how: 'written', question: 'r 1', answered: true },
    { how: 'spoken', words: 'How do I make pancakes?', answered: true },
  ] as const;
  const memory: readonly SavedMessage[] = [
    { role: 'user', id: 'q1', text: 'r asks question 1' },
    { role: 'assistant', id: 'a1', text: 'Yes: r asks question 1. And more', answers: ['q1'] },
    { role: 'user', id: 'q2', text: 'How do I' },
    { role: 'user', id: 'q3', text: 'make pancakes' },
    { role: 'assistant', id: 'a2', text: 'Mix', answers: ['q2', 'q3'] },
  ];
  const lines = ['Yes: r asks question 1.', 'Mix flour with milk.'];

  it('are good when all was saved, answered and read, also by two bots in turn', () => {
    expect(turnFates(asked, lines, memory.slice(0, 2), memory)).toEqual({
      turns: 2,
      neverSaved: 0,
      neverAnswered: 0,
      savedAndGone: 0,
      answeredTwice: 0,
      heardInPart: 0,
      answerNotHeard: 0,
    });
  });

  it('tell what was not saved, and what was heard in part', () => {
    const only = memory.filter(({ id }) => id === 'q2' || id === 'a2');
    expect(turnFates(asked, lines, [], only)).toMatchObject({ neverSaved: 1, heardInPart: 1 });
    expect(turnFates(asked, lines, [], [])).toMatchObject({ neverSaved: 2 });
  });

  it('tell what nobody answered, and what nobody could read of an answer', () => {
    const unanswered = memory.filter(({ id }) => id !== 'a2');
    expect(turnFates(asked, lines, [], unanswered)).toMatchObject({ neverAnswered: 1 });
    expect(turnFates(asked, [], [], memory)).toMatchObject({ neverAnswered: 2 });
  });

  it('tell what the memory lost, and what was answered twice', () => {
    const once: readonly SavedMessage[] = [{ role: 'user', id: 'gone', text: 'hello' }];
    const twice = [...lines, 'Again: r asks question 1.'];
    const fates = turnFates(asked, twice, once, memory);
    expect(fates).toMatchObject({ savedAndGone: 1, answeredTwice: 1 });
  });

  it('tell of answers in sound that nobody heard', () => {
    const unheard = [{ ...asked[1], answered: false }];
    expect(turnFates(unheard, lines, [], memory)).toMatchObject({ answerNotHeard: 1 });
  });
});

describe('errors that guests see', () => {
  it('are excuses, a second joined line, and a cut path', () => {
    const joined = 'Mira has joined the chat!';
    const sorry = 'Sorry, I could not answer that. Please try again in a moment.';
    const rooms = [
      [line(joined), line('Fine.'), line(joined)],
      [line(joined), line(sorry), { what: 'cut', room: 'r', at: 1 } as const],
    ];
    expect(errorsSeen(rooms)).toEqual({ excuses: 1, joinedAgain: 1, cutOff: 1 });
  });
});
