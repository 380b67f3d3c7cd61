import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { fadeIn, fadeOut, padTo } from '../../src/lib/pcm.ts';
import { openPlayoutWorld, PER_MS, soundOf } from '../reply/playout-world.ts';
import type { PlayedFrame } from '../support/fake-voice-track.ts';

const UNIT = 10 * PER_MS;

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
    const fade = fades && isFadeOf(pcm, sound.subarray(next, next + FADE));
    fades = false;
    if (fade) continue;
    const part = sound.subarray(next, next + pcm.length);
    expect(same(pcm, padTo(rises ? fadeIn(part, FADE) : part, UNIT))).toBe(true);
    rises = false;
    next += part.length;
    got += Math.min(part.length, sounded);
  }
  return got;
}

/** Of as much of the sound as there was by then. */
function isFadeOf(pcm: Int16Array, sound: Int16Array): boolean {
  for (let length = sound.length; length > pcm.length - UNIT && length > 0; length -= 1) {
    if (same(pcm, padTo(fadeOut(sound.subarray(0, length)), UNIT))) return true;
  }
  return false;
}

function same(one: Int16Array, other: Int16Array): boolean {
  return one.length === other.length && one.every((sample, at) => sample === other[at]);
}

/** A run with all that is done to it, and how much of its sound it took. */
function openWatchedRun() {
  const { clock, track, play } = openPlayoutWorld();
  const { run, told } = play();
  let [pushed, isWhole] = [0, false];
  let stoppedAt: number | undefined;
  return {
    clock,
    track,
    run,
    told,
    stoppedAt: () => stoppedAt,
    sound: () => soundOf(pushed / PER_MS),
    perform: async (one: Act): Promise<void> => {
      if (one.act === 'wait') return await clock.live(one.ms);
      if (one.act === 'push') {
        if (isWhole) return;
        run.push(soundOf(one.samples / PER_MS, pushed));
        if (stoppedAt === undefined) pushed += one.samples;
        return;
      }
      run[one.act]();
      isWhole ||= one.act === 'end';
      if (one.act === 'stop') stoppedAt ??= clock.monotonicMs();
    },
  };
}

it('whatever happens, the room gets the sound in order, and no more is taken for heard', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 25 }), async (acts) => {
      const { clock, track, run, told, stoppedAt, sound, perform } = openWatchedRun();
      let heardMs = 0;
      for (const one of acts) {
        await perform(one);
        expect(track.queuedMs()).toBeLessThanOrEqual(200);
        expect(run.playedMs()).toBeGreaterThanOrEqual(heardMs);
        heardMs = run.playedMs();
        expect(heardMs * PER_MS).toBeLessThanOrEqual(follow(track.frames(), sound()) + 1e-6);
      }
      run.resume();
      run.end();
      await clock.live(12_000);
      const got = follow(track.frames(), sound());
      if (told.includes('stopped')) {
        const after = track.frames().filter(({ atMs }) => atMs > (stoppedAt() ?? 0));
        expect(after.length).toBeLessThanOrEqual(1);
      } else {
        expect(told).toContain('all sounded');
        expect(got).toBe(sound().length);
        expect(run.playedMs() * PER_MS).toBeCloseTo(got);
      }
      expect(clock.timers()).toBe(0);
    }),
    { numRuns: 300 },
  );
});
