import { describe, expect, it } from 'vitest';
import { longestCalm } from '../../bench/faults/invariants/disturbances.ts';
import { checkMute, measureWaits } from '../../bench/faults/invariants/mute.ts';
import type { KindName, PathName } from '../../bench/faults/kinds.ts';
import type { FaultSeen, Observations } from '../../bench/faults/observations.ts';
import { grant, line, seenOf } from './faults-world.ts';

const asked = [{ at: 10_000, room: 'r', token: 'q1x1' }];
const leases = [grant(1_000, 1)];
const fitness = [{ at: 0, ready: ['w1.1'] }];
const check = (more: Partial<Observations>) =>
  checkMute(seenOf({ asked, leases, fitness, now: 30_000, ...more }));

describe('a room that is mute', () => {
  it('is found once V + 5 s are over, and not before', () => {
    expect(check({})).toMatchObject([{ room: 'r' }]);
    expect(check({ now: 24_999 })).toEqual([]);
  });

  it('is not mute where a word came, or nobody waits any more', () => {
    expect(check({ lines: [line(24_000, 'Sorry')] })).toEqual([]);
    expect(check({ seats: [{ at: 20_000, room: 'r', here: false }] })).toEqual([]);
    expect(check({ lines: [line(26_000, 'Sorry')] })).toHaveLength(1);
  });

  it('is excused while LiveKit, queue or database is away, and has its time from then on', () => {
    const outage = [
      seen(12_000, 'begin', 'livekit-restart'),
      seen(14_000, 'end', 'livekit-restart'),
    ];
    expect(check({ faults: outage, now: 28_000 })).toEqual([]);
    expect(check({ faults: outage, now: 30_000 })).toHaveLength(1);
  });

  it('is excused while no worker is ready', () => {
    const dark = [...fitness, { at: 11_000, ready: [] }, { at: 16_000, ready: ['w2.1'] }];
    expect(check({ fitness: dark })).toEqual([]);
    expect(check({ fitness: dark, now: 32_000 })).toHaveLength(1);
  });

  it('has its time anew from a fault of its own worker, not from that of another', () => {
    expect(check({ faults: [seen(16_000, 'begin', 'kill', 'w1')] })).toEqual([]);
    expect(check({ faults: [seen(16_000, 'begin', 'kill', 'w1')], now: 32_000 })).toHaveLength(1);
    expect(check({ faults: [seen(16_000, 'begin', 'kill', 'w2')] })).toHaveLength(1);
  });

  it('is excused by its worker’s cut path for a moment only, and not by one to the voices', () => {
    const cut = (path: PathName) => [seen(11_000, 'begin', 'cut-hang', 'w1', path)];
    expect(check({ faults: cut('livekit'), now: 25_500 })).toEqual([]);
    expect(check({ faults: cut('livekit'), now: 27_000 })).toHaveLength(1);
    expect(check({ faults: cut('tts'), now: 25_500 })).toHaveLength(1);
  });

  it('between two workers has its time from the fault of any: it may have been the next one', () => {
    const faults = [seen(11_000, 'begin', 'kill', 'w1'), seen(20_000, 'begin', 'kill', 'w2')];
    expect(check({ faults })).toEqual([]);
  });

  it('that nobody holds yet has its time from the fault of who takes it, and of no other', () => {
    const late = { leases: [grant(24_000, 1)], now: 26_500 };
    expect(
      check({ ...late, faults: [seen(12_000, 'begin', 'cut-hang', 'w1', 'database')] }),
    ).toEqual([]);
    expect(check({ ...late, faults: [seen(12_000, 'begin', 'kill', 'w2')] })).toHaveLength(1);
  });

  it('whose bot crashed too often waits to be called again', () => {
    const failed = [...leases, grant(12_000, 2, { status: 'failed' })];
    const call = { at: 20_000, room: 'r', kind: 'start', marker: 'm', messageId: 'i' } as const;
    expect(check({ leases: failed, sent: [call] })).toEqual([]);
    expect(check({ leases: failed, sent: [call], now: 36_000 })).toHaveLength(1);
  });
});

it('the longest calm lies between disturbances that may overlap', () => {
  const disturbances = [
    { from: 10, to: 30 },
    { from: 5, to: 20 },
    { from: 90, to: 200 },
  ];
  expect(longestCalm({ from: 0, to: 100 }, disturbances)).toEqual({ ms: 60, until: 90 });
  expect(longestCalm({ from: 15, to: 25 }, disturbances).ms).toBe(0);
});

it('waits are measured with and without what excuses them', () => {
  const faults = [seen(12_000, 'begin', 'kill', 'w1')];
  const lines = [line(18_000, 'Hello')];
  expect(measureWaits(seenOf({ asked, leases, fitness, faults, lines }))).toEqual({
    questionsWaited: 1,
    longestCalmWaitMs: 6_000,
    longestWaitMs: 8_000,
  });
});

function seen(
  at: number,
  phase: FaultSeen['phase'],
  kind: KindName,
  worker?: string,
  path?: PathName,
): FaultSeen {
  return { at, phase, id: 1, kind, worker, path };
}
