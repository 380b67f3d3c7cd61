import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { makeNoiseFloor } from '../../../src/adapters/silero/noise-floor.ts';
import type { NoiseFloor } from '../../../src/adapters/silero/noise-floor.ts';
import { makeHiss } from '../../support/hiss.ts';
import { framesOf } from '../../support/speech-windows.ts';

const WINDOW = 512;

/** A tone at the top of what 16 kHz hold, whose level is that of its amplitude: 4 is -78 dB, 32 is -60. */
const tone = (amplitude: number): Int16Array =>
  Int16Array.from({ length: WINDOW }, (_none, at) => (at % 2 === 0 ? amplitude : -amplitude));

/** Which windows of a sound are above the floor. */
const listen = (floor: NoiseFloor, pcm: Int16Array): readonly boolean[] =>
  [...framesOf(pcm, WINDOW)].map((window) => floor.isBelow(window));

/** A floor that has heard anything from zeros to full loudness. */
const anyFloor = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 32_767 })), {
    maxLength: 300,
  })
  .map((amplitudes) => {
    const floor = makeNoiseFloor();
    for (const amplitude of amplitudes) floor.isBelow(tone(amplitude));
    return floor;
  });

it('is below all that is louder than -60 dB, whatever came before', () => {
  fc.assert(
    fc.property(anyFloor, fc.integer({ min: 33, max: 32_767 }), (floor, amplitude) => {
      for (let count = 0; count < 200; count += 1) {
        expect(floor.isBelow(tone(amplitude))).toBe(true);
      }
    }),
    { numRuns: 30 },
  );
});

it('is never below what is softer than -80 dB', () => {
  fc.assert(
    fc.property(anyFloor, fc.integer({ min: 0, max: 3 }), (floor, amplitude) => {
      expect(floor.isBelow(tone(amplitude))).toBe(false);
    }),
  );
});

it('is below what is 3 dB louder than the quietest of the last second, and what that may have risen', () => {
  fc.assert(
    fc.property(
      anyFloor,
      fc.integer({ min: 3, max: 20 }),
      fc.array(fc.integer({ min: 0, max: 32_767 }), { maxLength: 31 }),
      (floor, amplitude, since) => {
        floor.isBelow(tone(amplitude));
        for (const other of since) floor.isBelow(tone(other));
        // The floor has risen by 2 dB in this second.
        expect(floor.isBelow(tone(Math.ceil(amplitude * 10 ** (5.1 / 20))))).toBe(true);
      },
    ),
  );
});

it('comes to rest over any steady hiss, within 10 s of anything', () => {
  fc.assert(
    fc.property(
      anyFloor,
      fc.integer({ min: 6, max: 50 }),
      fc.integer({ min: 1, max: 2 ** 31 }),
      (floor, amplitude, seed) => {
        const heard = listen(floor, makeHiss(14 * 16_000, amplitude, seed));
        expect(heard.slice(-125)).not.toContain(true);
      },
    ),
    { numRuns: 20 },
  );
});

it('takes a hum that swells for noise', () => {
  const hiss = makeHiss(20 * 16_000, 4);
  const hum = hiss.map((sample, at) => {
    const swelling = 8 + 6 * Math.sin((2 * Math.PI * at) / 20_000);
    return sample + Math.round(swelling * Math.sin((2 * Math.PI * 50 * at) / 16_000));
  });
  expect(listen(makeNoiseFloor(), hum)).not.toContain(true);
});

it('is lifted by no talk that has a gap each second', () => {
  const floor = makeNoiseFloor();
  const talk = Array.from({ length: 30 }, () => tone(2_000));
  for (let seconds = 0; seconds < 60; seconds += 1) {
    for (const window of [...talk, tone(8)]) floor.isBelow(window);
  }
  expect(floor.isBelow(tone(15))).toBe(true);
});

it('is below all that is louder than -80 dB behind silence', () => {
  fc.assert(
    fc.property(anyFloor, fc.integer({ min: 4, max: 32_767 }), (floor, amplitude) => {
      floor.isBelow(tone(0));
      expect(floor.isBelow(tone(amplitude))).toBe(true);
    }),
  );
});
