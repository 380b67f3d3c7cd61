import { describe, expect, it } from 'vitest';
import { checkActivations } from '../../bench/faults/invariants/activations.ts';
import { checkAnsweredOnce } from '../../bench/faults/invariants/answered-once.ts';
import { checkAll } from '../../bench/faults/invariants/check.ts';
import { checkJoinedOnce } from '../../bench/faults/invariants/joined-once.ts';
import { checkOneBot } from '../../bench/faults/invariants/one-bot.ts';
import { checkReturns } from '../../bench/faults/invariants/returns.ts';
import { checkTurns } from '../../bench/faults/invariants/turns.ts';
import type { Observations, Sent } from '../../bench/faults/observations.ts';
import { grant, line, reply, save, seenOf, turn } from './faults-world.ts';

const two = [grant(1_000, 1), grant(20_000, 2, { worker: 'w2.1' })];

describe('one effective bot', () => {
  const crowd = { room: 'r', bots: ['bot-r', 'bot-other'] };
  const requests = [
    { at: 19_000, worker: 'w1.1', token: 'q1x1' },
    { at: 22_000, worker: 'w2.1', token: 'q1x2' },
    { at: 25_000, worker: 'w1.1', token: 'q1x3' },
  ];

  it('two bots that the server lists at two looks in a row are too many, at one look not', () => {
    const looks = [
      { at: 1, ...crowd },
      { at: 2, ...crowd },
    ];
    expect(checkOneBot(seenOf({ listings: looks }))).toMatchObject([{ room: 'r', at: 2 }]);
    expect(checkOneBot(seenOf({ listings: looks.slice(1) }))).toEqual([]);
    const one = { room: 'r', bots: ['bot-r'] };
    expect(
      checkOneBot(
        seenOf({
          listings: [
            { at: 1, ...one },
            { at: 2, ...one },
          ],
        }),
      ),
    ).toEqual([]);
  });

  it('a bot that answers after its successor has answered is a second one', () => {
    const lines = [line(23_000, 'q1x2', 'q1x2'), line(26_000, 'q1x3', 'q1x3')];
    expect(checkOneBot(seenOf({ leases: two, requests, lines }))).toMatchObject([{ at: 26_000 }]);
  });

  it('a bot may answer until its successor does, and again after it was granted anew', () => {
    const before = [line(21_000, 'q1x1', 'q1x1'), line(23_000, 'q1x2', 'q1x2')];
    expect(checkOneBot(seenOf({ leases: two, requests, lines: before }))).toEqual([]);
    const leases = [...two, grant(24_000, 3)];
    const lines = [line(23_000, 'q1x2', 'q1x2'), line(26_000, 'q1x3', 'q1x3')];
    expect(checkOneBot(seenOf({ leases, requests, lines }))).toEqual([]);
  });
});

describe('committed turns', () => {
  const check = (...saves: readonly Observations['saves'][number][]) =>
    checkTurns(seenOf({ saves, asked: [{ at: 1, room: 'r', token: 'q1x1' }] }));

  it('a turn that was saved and is gone is lost', () => {
    const found = check(save(1, [turn('a'), turn('b')]), save(2, [turn('a'), turn('c')]));
    expect(found).toMatchObject([{ at: 2, what: expect.stringContaining('lost: b') }]);
  });

  it('but not the oldest ones, which a new summary stands for', () => {
    const summary = { role: 'summary', id: 's', text: '' } as const;
    const before = save(1, [turn('a'), reply('x', ['a']), turn('b'), turn('c')]);
    expect(check(before, save(2, [summary, turn('c'), turn('d')]))).toEqual([]);
    expect(check(before, save(2, [summary, turn('a'), turn('c')]))).toHaveLength(1);
    expect(check(before, save(2, [turn('c')]))).not.toEqual([]);
    const summed = save(1, [summary, turn('b'), turn('c')]);
    expect(check(summed, save(2, [summary, turn('c')]))).toHaveLength(1);
  });

  it('turns keep their order, and each is there once', () => {
    expect(check(save(1, [turn('a'), turn('b')]), save(2, [turn('b'), turn('a')]))).toHaveLength(1);
    expect(check(save(1, [turn('a'), turn('a')]))).toHaveLength(1);
  });

  it('a question that became two turns is doubled; one that only begins like it is not', () => {
    const found = check(
      save(1, [turn('a', 'Do you know q1x1?')]),
      save(2, [turn('a', 'Do you know q1x1?'), turn('b', 'Do you know q1x1?')]),
    );
    expect(found).toMatchObject([{ what: expect.stringContaining('saved twice, as a and b') }]);
    const fine = save(2, [turn('a', 'Do you know q1x1?'), turn('b', 'Do you know q1x11?')]);
    expect(check(fine)).toEqual([]);
  });
});

describe('answered once', () => {
  it('two finished replies to one turn are one too many, also when the first is gone already', () => {
    const found = checkAnsweredOnce(
      seenOf({
        saves: [save(1, [turn('a'), reply('x', ['a'])]), save(2, [turn('a'), reply('y', ['a'])])],
      }),
    );
    expect(found).toMatchObject([{ at: 2, room: 'r' }]);
    const late = [{ at: 1, message: 'x' }];
    const saves = [save(1, [turn('a'), reply('x', ['a']), reply('y', ['a'])])];
    expect(checkAnsweredOnce(seenOf({ saves }))).toHaveLength(1);
    expect(checkAnsweredOnce(seenOf({ saves, inbox: late }))).toEqual([]);
    const cut = [save(1, [turn('a'), reply('x', ['a'], 'interrupted'), reply('y', ['a'])])];
    expect(checkAnsweredOnce(seenOf({ saves: cut }))).toEqual([]);
  });

  it('a bot that answers twice answers too often; a successor may, which cannot know better', () => {
    const lines = [line(23_000, 'q1x1', 'q1x1'), line(30_000, 'q1x1', 'q1x1')];
    const ofOne = [
      { at: 22_000, worker: 'w2.1', token: 'q1x1' },
      { at: 29_000, worker: 'w2.1', token: 'q1x1' },
    ];
    expect(checkAnsweredOnce(seenOf({ leases: two, lines, requests: ofOne }))).toHaveLength(1);
    const ofBoth = [{ at: 10_000, worker: 'w1.1', token: 'q1x1' }, ...ofOne];
    expect(checkAnsweredOnce(seenOf({ leases: two, lines, requests: ofBoth }))).toEqual([]);
  });
});

describe('the joined line', () => {
  const joined = (at: number) => line(at, 'Mira has joined the chat!');
  const seats = [{ at: 500, room: 'r', here: true }];

  it('comes a second time only after another start that found no bot', () => {
    const lines = [joined(2_000), joined(22_000)];
    expect(checkJoinedOnce(seenOf({ leases: two, lines }))).toMatchObject([{ at: 22_000 }]);
    const again = [grant(1_000, 1), grant(20_000, 2, { arrival: 'fresh' })];
    expect(checkJoinedOnce(seenOf({ leases: again, lines, seats }))).toEqual([]);
  });

  it('is missed where somebody was there all the time and nothing was the matter', () => {
    const leases = [grant(1_000, 1)];
    expect(checkJoinedOnce(seenOf({ leases, seats }))).toHaveLength(1);
    expect(checkJoinedOnce(seenOf({ leases, seats: [] }))).toEqual([]);
    const kill = {
      at: 3_000,
      phase: 'begin',
      id: 1,
      kind: 'kill',
      worker: 'w1',
      path: undefined,
    } as const;
    expect(checkJoinedOnce(seenOf({ leases, seats, faults: [kill] }))).toEqual([]);
  });
});

describe('activations', () => {
  const over = [{ at: 90_000, waiting: 0, inFlight: 0 }];
  const sent = (kind: Sent['kind'], at = 5_000): Sent => ({
    at,
    kind,
    marker: 'm1',
    messageId: 'id1',
    room: 'r',
  });
  const letters = [{ at: 6_000, body: 'a body with m1 in it', reason: 'not JSON' }];

  it('a start that brought no bot and met none has vanished', () => {
    const check = (more: Partial<Observations>) =>
      checkActivations(seenOf({ residue: over, sent: [sent('start', 50_000)], ...more }));
    expect(check({})).toHaveLength(1);
    expect(check({ leases: [grant(51_000, 1, { messageId: 'id1' })] })).toEqual([]);
    const left = [grant(1_000, 1), grant(60_000, 1, { status: 'left' })];
    expect(check({ leases: left })).toEqual([]);
    expect(check({ leases: [grant(1_000, 1), grant(20_000, 1, { status: 'left' })] })).toHaveLength(
      1,
    );
    expect(check({ letters })).toEqual([]);
  });

  it('is judged only when everything is over', () => {
    expect(checkActivations(seenOf({ sent: [sent('start')] }))).toEqual([]);
  });

  it('what asks for nothing is a dead letter with a reason', () => {
    const check = (more: Partial<Observations>) =>
      checkActivations(seenOf({ residue: over, sent: [sent('malformed')], ...more }));
    expect(check({})).toHaveLength(1);
    expect(check({ letters })).toEqual([]);
    expect(check({ letters: [{ at: 1, body: 'm1', reason: undefined }] })).toHaveLength(1);
  });

  it('what is not wanted any more brings no bot', () => {
    const leases = [grant(6_000, 1, { messageId: 'id1' })];
    const unwanted = [sent('unwanted')];
    expect(checkActivations(seenOf({ residue: over, sent: unwanted, leases }))).toHaveLength(1);
    expect(checkActivations(seenOf({ residue: over, sent: unwanted }))).toEqual([]);
  });

  it('nothing stays in the queue', () => {
    const residue = [{ at: 90_000, waiting: 1, inFlight: 2 }];
    expect(checkActivations(seenOf({ residue }))).toHaveLength(1);
  });
});

describe('what returns', () => {
  const before = { rooms: 0, sockets: 20, files: 60, rssMb: 120 };
  const check = (after: Partial<typeof before>) =>
    checkReturns(
      seenOf({ survivors: [{ at: 1, worker: 'w1.1', before, after: { ...before, ...after } }] }),
    );

  it.each([
    ['a place', { rooms: 1 }],
    ['sockets', { sockets: 41 }],
    ['files', { files: 101 }],
    ['memory', { rssMb: 371 }],
  ])('%s that a worker keeps is found', (_what, after) => {
    expect(check(after)).toHaveLength(1);
  });

  it('what stays within the margin is not', () => {
    expect(check({ sockets: 40, files: 100, rssMb: 370 })).toEqual([]);
  });

  it('a worker that ended by itself is found', () => {
    expect(checkAll(seenOf({ exits: [{ at: 1, worker: 'w1.1', how: 1 }] }))).toHaveLength(1);
  });
});

it('a run in which nothing happened is fine', () => {
  expect(checkAll(seenOf({}))).toEqual([]);
});
