import { describe, expect, test } from 'vitest';
import { holds } from '../support/holds.ts';
import { silence } from '../support/sound-path.ts';
import { everyEar } from './every-speech-to-text.ts';
import type { EarItself } from './every-speech-to-text.ts';
import { endOf, failed, listenTo, push, said, speech } from './speech-to-text-hearing.ts';

/** What becomes of the next stream: before it is open, or once it has taken some sound. */
export type SttFate = 'refused-key' | 'rate-limited' | 'unavailable' | 'cut' | 'garbage' | 'stall';

/** A provider that understands the recordings of `dev/speech`. */
export interface SttWorld extends Omit<EarItself, 'play'> {
  /** `cut`: its connection breaks once in the middle of the sound. */
  decide(fate: SttFate): void;
  /** What it cannot be made to do. */
  readonly cannot?: readonly SttFate[];
}

/** How every provider transcribes, ends and fails. */
export function sttContract(world: () => SttWorld): void {
  everyEar(() => ({ ...world(), play: push }));

  const listen = (language = 'en') => listenTo(world().stt, language);
  const can = (fate: SttFate): boolean => world().cannot?.includes(fate) !== true;

  describe('a transcription', () => {
    test('has interims that grow, then a final with its time; nothing of it comes within a call', async () => {
      const listening = listen();
      push(listening, silence(500), speech('weather-emma'), silence(600));
      expect(listening.events).toEqual([]);
      await listening.until('a final', () => listening.finals().length > 0);
      const [final] = listening.finals();
      expect(final?.text).toBe('What is the weather like today?');
      expect(final?.confidence).toBeGreaterThan(0.7);
      expect(final?.language).toBe('en');
      expect(Math.abs((final?.audioFromMs ?? 0) - 540)).toBeLessThan(100);
      const length = speech('weather-emma').length / 16;
      expect(Math.abs((final?.audioToMs ?? 0) - (460 + length))).toBeLessThan(100);
      const interims = listening.events.flatMap((event) =>
        event.type === 'interim' ? [event.text] : [],
      );
      expect(interims.length).toBeGreaterThan(1);
      for (const interim of interims) expect(final?.text.startsWith(interim)).toBe(true);
      expect(listening.events.some(({ type }) => type === 'acknowledged')).toBe(true);
    });

    test('goes on from utterance to utterance', async () => {
      const listening = listen();
      push(listening, speech('green-sam'), silence(500), speech('moon-oliver'), silence(600));
      await listening.until('two', () => listening.finals().length === 2);
      expect(said(listening)).toBe('My favorite color is green. How far away is the moon?');
      const [one, other] = listening.finals();
      expect(other?.audioFromMs).toBeGreaterThan((one?.audioToMs ?? 0) + 400);
    });

    test('knows Japanese', async () => {
      const listening = listen('ja');
      push(listening, speech('osusume-yuki'), silence(600));
      await listening.until('a final', () => listening.finals().length > 0);
      expect(listening.finals()[0]).toMatchObject({
        text: 'おすすめの商品を教えて',
        language: 'ja',
      });
    });

    test('can be asked for what was said so far, and times stay right after that', async () => {
      const listening = listen();
      const cut = speech('weather-oliver').subarray(0, 16_000);
      expect(listening.stream.isIdle()).toBe(true);
      push(listening, cut);
      expect(listening.stream.isIdle()).toBe(false);
      listening.stream.flush();
      await listening.until('flushed', () => listening.events.at(-1)?.type === 'flushed');
      expect(said(listening)).toBe('What is the weather');
      expect(listening.stream.isIdle()).toBe(true);
      push(listening, silence(500), speech('green-sam'), silence(600));
      await listening.until('a second final', () => listening.finals().length === 2);
      expect(Math.abs((listening.finals()[1]?.audioFromMs ?? 0) - 1_540)).toBeLessThan(100);
    });

    test('of a quiet microphone is idle, and not before its words have come', async () => {
      const listening = listen();
      push(listening, speech('stop-emma'), silence(600));
      await listening.until('a final', () => listening.finals().length > 0);
      // Quiet is not without sound, and a provider may answer for whole seconds of it only.
      await holds(() => {
        push(listening, silence(20));
        expect(listening.stream.isIdle()).toBe(true);
      });
    });

    test('hears nothing in noise', async () => {
      const listening = listen();
      push(listening, speech('cough-1'), silence(300), speech('keyboard'), silence(600));
      push(listening, speech('stop-emma'), silence(600));
      await listening.until('a final', () => listening.finals().length > 0);
      expect(said(listening)).toBe('Stop.');
    });

    test.each([
      ['refused-key', 'auth'],
      ['rate-limited', 'quota'],
      ['unavailable', 'unavailable'],
    ] as const)('that meets %s ends with it', async (fate, kind) => {
      world().decide(fate);
      const listening = listen();
      push(listening, speech('stop-emma'));
      expect(await endOf(listening)).toEqual(failed(kind));
    });

    test('whose connection breaks loses no word, and its times stay right', async ({ skip }) => {
      skip(!can('cut'), 'it cannot be cut');
      world().decide('cut');
      const listening = listen();
      push(listening, speech('weather-emma'), silence(500), speech('green-sam'), silence(600));
      await listening.until('both', () => listening.finals().length === 2);
      expect(said(listening)).toBe('What is the weather like today? My favorite color is green.');
      const begins = speech('weather-emma').length / 16 + 540;
      const [, second] = listening.finals();
      expect(Math.abs((second?.audioFromMs ?? 0) - begins)).toBeLessThan(100);
    });

    test('that is sent garbage ends, and nothing else does', async ({ skip }) => {
      skip(!can('garbage'), 'it sends no garbage');
      world().decide('garbage');
      const listening = listen();
      push(listening, speech('weather-emma'));
      expect(await endOf(listening)).toEqual(failed('malformed'));
    });

    test('of a provider that says nothing waits for 30 s of sound, then ends', async () => {
      world().decide('stall');
      const listening = listen();
      push(listening, silence(29_000));
      await new Promise((resolve) => setImmediate(resolve));
      expect(listening.events).toEqual([]);
      push(listening, silence(2_000));
      expect(await endOf(listening)).toEqual(failed('unavailable'));
    });
  });
}
