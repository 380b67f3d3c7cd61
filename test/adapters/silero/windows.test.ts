import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { makeWindows } from '../../../src/adapters/silero/windows.ts';
import type { Window } from '../../../src/adapters/silero/windows.ts';

function takeAll(windows: ReturnType<typeof makeWindows>): readonly Window[] {
  const taken: Window[] = [];
  for (let next = windows.take(); next !== undefined; next = windows.take()) taken.push(next);
  return taken;
}

it('cuts any frames into the same windows', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 1_500 }), { maxLength: 12 }), (lengths) => {
      const windows = makeWindows();
      let pushed = 0;
      for (const length of lengths) {
        windows.push(Int16Array.from({ length }, (_none, at) => pushed + at));
        pushed += length;
      }
      const taken = takeAll(windows);
      expect(taken.map(({ toSample }) => toSample)).toEqual(
        Array.from({ length: Math.floor(pushed / 512) }, (_none, at) => (at + 1) * 512),
      );
      for (const { pcm, toSample } of taken) {
        expect([pcm.length, pcm[0], pcm[511]]).toEqual([512, toSample - 512, toSample - 1]);
      }
      expect(windows.isEmpty()).toBe(true);
    }),
  );
});

it('keeps two seconds, skips the oldest and goes on counting', () => {
  const windows = makeWindows();
  expect(windows.push(new Int16Array(62 * 512))).toBe(0);
  expect(windows.push(new Int16Array(3 * 512 + 100))).toBe(3);
  const taken = takeAll(windows);
  expect([taken.length, taken[0]?.toSample, taken.at(-1)?.toSample]).toEqual([
    62,
    4 * 512,
    65 * 512,
  ]);
  windows.push(new Int16Array(412));
  expect(windows.take()?.toSample).toBe(66 * 512);
});

it('has the newest of what was passed over wait again, once the stream sounds', () => {
  const windows = makeWindows();
  const numbersOf = (all: readonly Window[]) =>
    all.map(({ toSample, isPassed }) => [toSample / 512, isPassed]);
  windows.push(new Int16Array(6 * 512));
  expect(numbersOf(windows.passOver())).toEqual([1, 2, 3, 4, 5, 6].map((at) => [at, false]));
  windows.push(new Int16Array(5 * 512));
  expect(windows.passOver()).toHaveLength(5);
  expect(windows.isEmpty()).toBe(true);
  windows.push(new Int16Array(512));
  windows.push(new Int16Array(512).fill(1_000));
  expect(numbersOf(takeAll(windows))).toEqual([
    ...[4, 5, 6, 7, 8, 9, 10, 11].map((at) => [at, true]),
    [12, false],
    [13, false],
  ]);
  windows.push(new Int16Array(512).fill(1_000));
  expect(numbersOf(takeAll(windows))).toEqual([[14, false]]);
});
