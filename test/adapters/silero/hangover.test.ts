import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSamples, RECORDINGS } from '../../../dev/speech/catalog.ts';
import { makeHangoverTrim } from '../../../src/adapters/silero/hangover.ts';
import { crashingSilero } from '../../support/crashing-silero.ts';
import { makeHiss } from '../../support/hiss.ts';
import { framesOf, listenTo } from '../../support/speech-windows.ts';

const WINDOW = 512;
/** What the product takes for speech. */
const HEARD = 0.1;

/** One window of a tone, whose power is that of its amplitude. */
const tone = (amplitude: number): Int16Array =>
  Int16Array.from({ length: WINDOW }, (_none, at) => (at % 2 === 0 ? amplitude : -amplitude));

describe('the trim', () => {
  it('takes no voice from what is less than 40 dB softer than the loudest before', () => {
    const level = fc.integer({ min: 300, max: 29_999 });
    const window = fc.record({ amplitude: level, probability: fc.double({ min: 0, max: 1 }) });
    fc.assert(
      fc.property(fc.array(window, { maxLength: 100 }), (windows) => {
        const trimmed = makeHangoverTrim();
        for (const { amplitude, probability } of windows) {
          expect(trimmed(tone(amplitude), probability)).toBe(probability);
        }
      }),
    );
  });

  it('lets a voice end where it is 60 dB softer, and hears another as soft 1 s later', () => {
    const trimmed = makeHangoverTrim();
    expect(trimmed(tone(20_000), 0.9)).toBe(0.9);
    const answers = Array.from({ length: 40 }, () => trimmed(tone(20), 0.9));
    expect(answers.indexOf(0.9) * 0.032).toBeCloseTo(1, 1);
    expect(answers.lastIndexOf(0)).toBe(answers.indexOf(0.9) - 1);
  });

  it('takes no measure from what is loud and no voice', () => {
    const trimmed = makeHangoverTrim();
    expect(trimmed(tone(30_000), 0.4)).toBe(0.4);
    expect(trimmed(tone(20), 0.9)).toBe(0.9);
  });
});

it.each(['capital-oliver', 'pancakes-grace', 'moon-oliver', 'tenki-ken', 'namae-yuki', 'wait-sam'])(
  'hears the end of %s where it is, and its words before',
  async (id) => {
    const recording = RECORDINGS.find((one) => one.id === id)!;
    const speech = readSamples(recording);
    const lead = 16_000;
    const length = Math.ceil((lead + speech.length + 16_000) / WINDOW) * WINDOW;
    const pcm = makeHiss(length, 16).map((sample, at) => sample + (speech[at - lead] ?? 0));
    await using world = await crashingSilero();
    const stream = listenTo(world.voiceActivity);
    for (const [at, frame] of [...framesOf(pcm, WINDOW)].entries()) {
      stream.push(frame);
      await stream.judged(at + 1);
    }
    const heard = stream.windows.filter(({ probability }) => probability >= HEARD);
    const sounds = lead + 1 + speech.findLastIndex((sample) => Math.abs(sample) > 16);
    const endedAfter = heard.at(-1)!.toSample - sounds;
    expect(endedAfter).toBeLessThan(WINDOW);
    expect(endedAfter).toBeGreaterThan(-2 * WINDOW);

    const within = (toSample: number): boolean =>
      recording.words.some(
        ({ fromMs, toMs }) =>
          toSample - WINDOW - lead >= fromMs * 16 && toSample - lead <= toMs * 16,
      );
    const inWords = stream.windows.filter(({ toSample }) => within(toSample));
    const missed = inWords.filter(({ probability }) => probability < HEARD);
    expect(missed.length / inWords.length).toBeLessThan(0.1);
  },
);
