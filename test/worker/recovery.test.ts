import { getEventListeners } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { TroupeError } from '../../src/errors.ts';
import type { Observation } from '../../src/ports/observe.ts';
import { makeGate } from '../../src/worker/gate.ts';
import { makeLookUps } from '../../src/worker/look-ups.ts';
import { makeRecovery } from '../../src/worker/recovery.ts';
import type { Probe } from '../../src/worker/recovery.ts';
import { openHandClock } from '../support/hand-clock.ts';

const AWAY = new TroupeError('does not answer', {
  kind: 'unavailable',
  fault: 'fleet',
  service: 'database',
});

describe('recovery', () => {
  it('closes the gate, probes once for all who wait, and lets them go together', async () => {
    const { clock, gate, probed, recover, wait, works } = open();
    const waiting = [wait(), wait(), wait()];
    expect(gate.reasons()).toEqual(['database: does not answer']);
    await clock.live(20_000);
    expect(probed).toEqual([375, 1_125, 2_625, 5_625, 11_625]);
    expect(works()).toBe(0);
    recover();
    await clock.live(12_000);
    await Promise.all(waiting);
    expect([works(), gate.reasons()]).toEqual([3, []]);
    const before = probed.length;
    await clock.live(60_000);
    expect(probed).toHaveLength(before);
  });

  it('probes ever more seldom, and begins anew the next time', async () => {
    const { clock, probed, recover, wait } = open();
    void wait();
    await clock.live(50_000);
    const pauses = probed.slice(1).map((at, before) => at - (probed[before] ?? 0));
    expect(pauses).toEqual([750, 1_500, 3_000, 6_000, 11_250, 11_250, 11_250]);
    recover();
    await clock.live(12_000);
    const startedAt = clock.monotonicMs();
    void wait();
    await clock.live(1_000);
    expect((probed.at(-1) ?? 0) - startedAt).toBe(375);
  });

  it('takes a probe that does not answer for a failed one', async () => {
    const { clock, recover, recovery, told, wait, works } = open(() => new Promise(() => {}));
    const trouble = recovery.trouble('database', new AbortController().signal);
    void wait();
    await clock.live(11_000);
    expect(told).toContainEqual(
      expect.objectContaining({ type: 'provider-failed', provider: 'database' }),
    );
    expect(await trouble).toMatchObject({ kind: 'unavailable', service: 'database' });
    recover();
    await clock.live(20_000);
    expect(works()).toBe(1);
  });

  it('needs none where there is no probe', async () => {
    const { gate, recovery } = open();
    const failure = new TroupeError('x', { kind: 'timeout', fault: 'provider', service: 'llm' });
    const { signal } = new AbortController();
    await recovery.recovered(failure, signal);
    expect([gate.reasons(), await recovery.trouble('llm', signal)]).toEqual([[], undefined]);
  });

  it('lets go whoever has no more time, leaves nothing on the signal, and probes on', async () => {
    const { clock, gate, recovery } = open();
    const [one, other] = [new AbortController(), new AbortController()];
    const waiting = recovery.recovered(AWAY, one.signal);
    void recovery.recovered(AWAY, other.signal);
    one.abort();
    await waiting;
    await recovery.recovered(AWAY, one.signal);
    expect(getEventListeners(one.signal, 'abort')).toEqual([]);
    expect(getEventListeners(other.signal, 'abort')).toHaveLength(1);
    await clock.live(1_000);
    expect(gate.reasons()).toHaveLength(1);
  });

  it('leaves nothing on a long-lived signal, however often it was waited', async () => {
    const { clock, recover, recovery } = open();
    const { signal } = new AbortController();
    recover();
    for (let at = 0; at < 20; at += 1) {
      const waiting = recovery.recovered(AWAY, signal);
      await clock.live(1_000);
      await waiting;
    }
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('ends with the worker', async () => {
    const { clock, life, wait } = open();
    const waiting = wait();
    life.abort();
    await waiting;
    expect(clock.timers()).toBe(0);
  });
});

describe('look-ups', () => {
  it('are suspicious when rows of three rooms are missing and none is found in between', () => {
    const lookUps = makeLookUps();
    expect(['a', 'a', 'b', 'b'].map((room) => lookUps.failed(room))).not.toContain(true);
    lookUps.succeeded();
    expect(['c', 'd'].map((room) => lookUps.failed(room))).toEqual([false, false]);
    expect(lookUps.failed('e')).toBe(true);
    expect(['f', 'g'].map((room) => lookUps.failed(room))).toEqual([false, false]);
  });
});

function open(failing: Probe = () => Promise.reject(AWAY)) {
  const clock = openHandClock();
  const told: Observation[] = [];
  const observe = (one: Observation): void => void told.push(one);
  const gate = makeGate(observe);
  const life = new AbortController();
  onTestFinished(() => life.abort());
  const probed: number[] = [];
  let away = true;
  const database: Probe = async (signal) => {
    probed.push(clock.monotonicMs());
    if (away) await failing(signal);
  };
  const deps = { probes: { database }, gate, clock, observe, random: () => 0.5 };
  const recovery = makeRecovery(deps, life.signal);
  let done = 0;
  const wait = async (): Promise<void> => {
    await recovery.recovered(AWAY, new AbortController().signal);
    done += 1;
  };
  const recover = (): void => void (away = false);
  return { clock, gate, life, probed, recover, recovery, told, wait, works: () => done };
}
