import { describe, expect, it } from 'vitest';
import { findKnee } from '../../bench/lib/knee.ts';
import type { DensityStep } from '../../bench/lib/knee.ts';
import { ownShareMs } from '../../bench/lib/own-share.ts';
import { openSounds } from '../../bench/lib/sounds.ts';
import { openStageTimes } from '../../bench/lib/stage-times.ts';
import type { Stages } from '../../bench/lib/stage-times.ts';
import { turnFigures } from '../../bench/lib/turn-figures.ts';
import { hostOf } from '../../bench/lib/voice-scene.ts';
import type { Stack } from '../../dev/stack.ts';

describe('what is heard', () => {
  it('is found behind a moment, whether it came before it was waited for or after', async () => {
    const sounds = openSounds();
    sounds.tell({ what: 'heard', room: 'r', at: 10, isLoud: true });
    sounds.tell({ what: 'heard', room: 'r', at: 20, isLoud: false });
    const again = sounds.next('r', 'loud', 10, 1_000);
    sounds.tell({ what: 'heard', room: 'other', at: 25, isLoud: true });
    sounds.tell({ what: 'heard', room: 'r', at: 30, isLoud: true });
    expect([await sounds.next('r', 'quiet', 5, 1_000), await again]).toEqual([20, 30]);
    expect([sounds.isLoud('r'), sounds.isLoud('nobody')]).toEqual([true, false]);
  });

  it('is nothing where nothing comes in time', async () => {
    expect(await openSounds().next('r', 'loud', 0, 1)).toBeUndefined();
  });
});

describe('the stages of a reply', () => {
  it('are told by its place in the room', async () => {
    const times = openStageTimes();
    const line = { level: 'info', message: '', room: 'r', drafted: true, wholeMs: 500 };
    const second = times.of('r', 1, 1_000);
    times.see({ event: 'reply-finished', at: 1, line });
    times.see({ event: 'reply-timed', at: 2, line });
    times.see({ event: 'reply-timed', at: 3, line: { ...line, wholeMs: 600 } });
    expect(times.count('r')).toBe(2);
    expect(await second).toMatchObject({ wholeMs: 600, endedAt: 3 });
  });
});

describe('our own share of a turn', () => {
  // 300 ms for the chunk and 95 for the sound as our process saw it; 280 and 90 by the books.
  const stages = { drafted: false, endedAt: 2_000, chunkMs: 300, ttsMs: 95, ownMs: 5 };

  it('is what providers did not take by their own books', () => {
    expect(ownShareMs(providers(), 'r', stages)).toBe(5 + 300 + 95 - 280 - 90);
  });

  it('is none of a draft, nor of a turn that they know nothing of', () => {
    const { ownMs: _own, ...drafted } = stages;
    expect(ownShareMs(providers(), 'r', drafted)).toBeUndefined();
    expect(ownShareMs(providers(), 'other', stages)).toBeUndefined();
  });

  /** An earlier turn, this one, and one behind it, of the room `r`. */
  function providers(): Pick<Stack, 'llm' | 'voice'> {
    const turns = [
      { at: 100, modelMs: 1, voiceMs: 1 },
      { at: 1_000, modelMs: 280, voiceMs: 90 },
      { at: 3_000, modelMs: 2, voiceMs: 2 },
    ];
    const requests = (match: string): unknown =>
      match === hostOf('r')
        ? turns.map(({ at, modelMs }) => ({ arrivedAt: at, firstSentenceAt: at + modelMs }))
        : [];
    const speeches = (): unknown =>
      turns.map(({ at, voiceMs }) => ({
        text: 'It is nice in r.',
        openedAt: at,
        firstSoundAt: at + voiceMs,
      }));
    return { llm: { requests }, voice: { cartesia: { speeches } } } as never;
  }
});

it('the figures of turns count who was not answered, and who was too early', () => {
  const stages = (wholeMs: number): Stages => ({ drafted: false, endedAt: 0, wholeMs });
  const figures = turnFigures({
    turns: [
      { heardMs: 700, stages: stages(500), ownMs: 20 },
      { heardMs: -300, stages: stages(900), ownMs: 30 },
      { heardMs: undefined, stages: undefined, ownMs: undefined },
    ],
    echoes: [100, 120],
    inFlightMax: 3,
    inFlightMean: 2.5,
  });
  expect(figures).toMatchObject({
    turns: 3,
    unanswered: 1,
    answeredTooEarly: 1,
    ownP95Ms: 30,
    wholeEdgeP50Ms: 500,
    wholeEdgeP95Ms: 900,
    heardP95Ms: 700,
    echoP95Ms: 120,
  });
});

describe('the knee', () => {
  const step = (rooms: number, more: Partial<DensityStep> = {}): DensityStep => ({
    rooms,
    mbPerRoom: 4,
    corePerRoom: 0.04,
    ownP95Ms: 40,
    wholeEdgeP95Ms: 600,
    unanswered: 0,
    workerLoopUse: 0.3,
    machineUse: 0.5,
    quietLoopUse: 0.1,
    quietMachineUse: 0.3,
    ...more,
  });

  it('is the last step before anything gave way, and says what did', () => {
    const steps = [step(4), step(8), step(12, { machineUse: 0.97 }), step(16, { unanswered: 2 })];
    const knee = findKnee(steps);
    expect([knee.kneeRooms, knee.kneeBefore]).toEqual([
      8,
      `12 rooms: 97 % of the machine's cores were at work`,
    ]);
  });

  it.each([
    [{ ownP95Ms: 61 }, '8 rooms: our own share of a turn was 61 ms'],
    [{ ownP95Ms: Number.NaN }, '8 rooms: our own share of a turn was NaN ms'],
    [{ unanswered: 1 }, '8 rooms: 1 turns stayed unanswered'],
  ])('comes with %j', (more, why) => {
    const knee = findKnee([step(4), step(8, more)]);
    expect([knee.kneeRooms, knee.kneeBefore]).toEqual([4, why]);
  });

  it('is the last step where nothing gave way', () => {
    expect(findKnee([step(4), step(8)])).toMatchObject({
      kneeRooms: 8,
      kneeBefore: 'nothing gave way',
    });
  });
});
