import { describe, expect, test } from 'vitest';
import type { VoiceActivity } from '../../src/ports/voice-activity.ts';
import { framesOf, listenTo, recordingSamples } from '../support/speech-windows.ts';

/** A voice activity whose model can be made to die. */
export interface VoiceActivityWorld extends AsyncDisposable {
  readonly voiceActivity: VoiceActivity;
  readonly crash: () => void;
}

/** How every voice activity judges, counts and fails. */
export function voiceActivityContract(openWorld: () => Promise<VoiceActivityWorld>): void {
  const speech = recordingSamples('hello-emma');

  /** What a stream that is alone in the world is told of this sound. */
  async function judgeAlone(pcm: Int16Array, ...lengths: number[]) {
    await using world = await openWorld();
    const stream = listenTo(world.voiceActivity);
    let pushed = 0;
    for (const frame of framesOf(pcm, ...lengths)) {
      stream.push(frame);
      pushed += frame.length;
      // No faster than it is judged: what waits for long is skipped.
      await stream.judged(Math.floor(pushed / WINDOW) - 20);
    }
    return [...(await stream.judged(Math.floor(pcm.length / WINDOW)))];
  }

  describe('voice activity', () => {
    test('tells speech from silence, at the right samples', async () => {
      const silence = new Int16Array(20 * WINDOW);
      const windows = await judgeAlone(Int16Array.from([...silence, ...speech]), WINDOW);
      expect(windows.map(({ toSample }) => toSample)).toEqual(
        windows.map((_window, at) => (at + 1) * WINDOW),
      );
      const sure = windows.map(({ probability }) => probability);
      expect(Math.max(...sure.slice(0, 20))).toBeLessThan(0.1);
      const spoken = sure.slice(20 + 4);
      expect(spoken.filter((one) => one > 0.5).length / spoken.length).toBeGreaterThan(0.7);
    });

    test('frames of any length give the same windows', async () => {
      const asRule = await judgeAlone(speech, WINDOW);
      const odd = await judgeAlone(speech, 1, 160, 800, 0, 513, 2_000);
      expect(odd.map(({ toSample }) => toSample)).toEqual(asRule.map(({ toSample }) => toSample));
      expectAlike(odd, asRule);
    });

    test('many streams between each other hear what each hears alone', async () => {
      const sounds = ['hello-emma', 'count-sam', 'konnichiwa-ken', 'music', 'hello-oliver'].map(
        (id) => recordingSamples(id).slice(0, 40 * WINDOW),
      );
      await using world = await openWorld();
      const streams = sounds.map(() => listenTo(world.voiceActivity));
      const frames = sounds.map((pcm) => framesOf(pcm, WINDOW));
      for (let frame = 0; frame < 40; frame += 1) {
        for (const [at, stream] of streams.entries()) {
          const next = frames[at]!.next();
          if (next.done !== true) stream.push(next.value);
        }
      }
      for (const [at, stream] of streams.entries()) {
        const count = Math.floor(sounds[at]!.length / WINDOW);
        expectAlike(await stream.judged(count), await judgeAlone(sounds[at]!, WINDOW));
      }
    });

    test('keeps the caller’s array out of it', async () => {
      await using world = await openWorld();
      const stream = listenTo(world.voiceActivity);
      const frame = new Int16Array(WINDOW);
      for (const part of framesOf(speech, WINDOW)) {
        frame.fill(0);
        frame.set(part);
        stream.push(frame);
      }
      const count = Math.floor(speech.length / WINDOW);
      const heard = (await stream.judged(count)).slice(0, count);
      expectAlike(heard, await judgeAlone(speech, WINDOW));
    });

    test('tells a closed stream nothing more', async () => {
      await using world = await openWorld();
      const closed = listenTo(world.voiceActivity);
      const other = listenTo(world.voiceActivity);
      closed.push(speech.slice(0, WINDOW));
      // The model has the first one's window.
      other.push(speech.slice(0, 6 * WINDOW));
      closed[Symbol.dispose]();
      closed[Symbol.dispose]();
      closed.push(speech);
      await other.judged(6);
      world.crash();
      await other.failed();
      expect([closed.windows, closed.failures]).toEqual([[], []]);
    });

    test('says once to each stream that the model died', async () => {
      await using world = await openWorld();
      const streams = [listenTo(world.voiceActivity), listenTo(world.voiceActivity)];
      for (const stream of streams) stream.push(speech.slice(0, WINDOW));
      world.crash();
      for (const stream of streams) {
        expect(await stream.failed()).toMatchObject({ name: 'TroupeError', service: 'vad' });
        stream.push(speech);
      }
      const late = listenTo(world.voiceActivity);
      expect(late.failures).toEqual([]);
      await late.failed();
      await world.voiceActivity[Symbol.asyncDispose]();
      expect([...streams, late].map(({ failures }) => failures.length)).toEqual([1, 1, 1]);
    });

    test('once closed it takes no sound and opens nothing', async () => {
      await using world = await openWorld();
      const before = listenTo(world.voiceActivity);
      await world.voiceActivity[Symbol.asyncDispose]();
      await world.voiceActivity[Symbol.asyncDispose]();
      const after = listenTo(world.voiceActivity);
      before.push(speech);
      await after.failed();
      expect([before, after].map(({ failures, windows }) => [failures.length, windows])).toEqual([
        [1, []],
        [1, []],
      ]);
    });
  });
}

const WINDOW = 512;

/** Rows of batches of different widths differ by what floating point does with another order. */
function expectAlike(
  some: readonly { readonly probability: number }[],
  others: readonly { readonly probability: number }[],
): void {
  expect(some).toHaveLength(others.length);
  const apart = some.map(({ probability }, at) =>
    Math.abs(probability - (others[at]?.probability ?? Number.NaN)),
  );
  expect(Math.max(...apart)).toBeLessThan(1e-3);
}
