import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { fadeIn, fadeOut, padTo } from '../../src/lib/pcm.ts';
import { openPlayoutWorld, PER_MS, soundOf } from '../reply/playout-world.ts';
import type { PlayedFrame } from '../support/fake-voice-track.ts';

type Act =
  | { readonly act: 'push'; readonly samples: number }
  | { readonly act: 'wait'; readonly ms: number }
  | { readonly act: 'hold' | 'resume' | 'stop' | 'end' };

const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      act: fc.constant('push' as const),
      samples: fc.integer({ min: 0, max: 9_000 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      act: fc.constant('wait' as const),
      ms: fc.integer({ min: 0, max: 300 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.constantFrom('hold', 'resume', 'hold', 'resume', 'end', 'stop').map((name) => ({
      act: name,
    })),
  },
);

const UNIT = 10 * PER_MS;
const FADE = 20 * PER_MS;

/**
 * Follows the sound through the frames that the track got. What a clear took back comes again: as a
 * fade to silence, and then for good, rising. Gives how much of the sound the room got.
 */
function follow(frames: readonly PlayedFrame[], sound: Int16Array): number {
  let [next, got, clears] = [0, 0, 0];
  let [fades, rises] = [false, false];
  for (const { pcm, sounded, clears: clearsBefore } of frames) {
    if (clearsBefore !== clears) {
      clears = clearsBefore;
      next = got;
      fades = true;
      rises = true;
    }
    const fading = padTo(fadeOut(sound.subarray(next, next + FADE)), UNIT);
    const isFade = fades && same(pcm, fading);
    fades = false;
    if (isFade) continue;
    const part = sound.subarray(next, next + pcm.length);
    expect(same(pcm, padTo(rises ? fadeIn(part, FADE) : part, UNIT))).toBe(true);
    rises = false;
    next += part.length;
    got += Math.min(part.length, sounded);
  }
  return got;
}

function same(one: Int16Array, other: Int16Array): boolean {
  return one.length === other.length && one.every((sample, at) => sample === other[at]);
}

it('whatever happens, the room gets the sound in order, and no more is taken for heard', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 25 }), async (acts) => {
      const { clock, track, play } = openPlayoutWorld();
      const { run, told } = play();
      let [pushed, heardMs, stoppedAt] = [0, 0, -1];
      let isWhole = false;
      for (const one of acts) {
        if (one.act === 'wait') await clock.live(one.ms);
        else if (one.act !== 'push') {
          run[one.act]();
          isWhole ||= one.act === 'end';
          if (one.act === 'stop' && stoppedAt < 0) stoppedAt = clock.monotonicMs();
        } else if (!isWhole) {
          const pcm = soundOf(one.samples / PER_MS, pushed);
          run.push(pcm);
          if (told.length < 2) pushed += pcm.length;
        }
        expect(track.queuedMs()).toBeLessThanOrEqual(200);
        expect(run.playedMs()).toBeGreaterThanOrEqual(heardMs);
        heardMs = run.playedMs();
        expect(heardMs * PER_MS).toBeLessThanOrEqual(
          follow(track.frames(), soundOf(pushed / PER_MS)) + 1e-6,
        );
      }
      run.resume();
      run.end();
      await clock.live(12_000);
      const got = follow(track.frames(), soundOf(pushed / PER_MS));
      if (stoppedAt < 0 || told.includes('all sounded')) {
        expect(told).toContain('all sounded');
        expect(got).toBe(pushed);
        expect(run.playedMs() * PER_MS).toBeCloseTo(pushed);
      } else {
        const after = track.frames().filter(({ atMs }) => atMs > stoppedAt);
        expect(after.length).toBeLessThanOrEqual(1);
      }
      expect(clock.timers()).toBe(0);
    }),
    { numRuns: 300 },
  );
});
