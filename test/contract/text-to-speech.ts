import { describe, expect, test } from 'vitest';
import type { SpeechEvent } from '../../src/ports/text-to-speech.ts';
import { everyVoice } from './every-text-to-speech.ts';
import type { VoiceItself } from './every-text-to-speech.ts';
import { ENGLISH, NEVER, endless, expectGrowing, hear, textOf } from './text-to-speech-hearing.ts';
import { holds } from '../support/holds.ts';

/** What becomes of the next speech. */
export type SpeechFate =
  | 'refused-key'
  | 'rate-limited'
  | 'no-sound'
  | 'stall'
  | 'cut'
  | 'server-error'
  | 'garbage';

/** A provider that speaks, and of which it is known what it was asked. */
export interface SpeechWorld extends Omit<VoiceItself, 'asked' | 'over'> {
  /** `afterMs` of its sound: for what happens in the middle. */
  decide(fate: SpeechFate, afterMs?: number): void;
  /** What the provider was asked to say, run by run, oldest first. */
  readonly runs: () => readonly { readonly text: string; readonly isOver: boolean }[];
  /** Lets time pass until the run that is open has ended, where one ends by itself. */
  pause(): Promise<void>;
}

/** How every provider speaks, ends and fails. */
export function speechContract(world: () => SpeechWorld): void {
  everyVoice(() => ({
    ...world(),
    asked: () => world().runs().length,
    over: () => holds(() => expect(world().runs().at(-1)?.isOver).toBe(true)),
  }));

  const speak = (text: AsyncIterable<string>, signal = NEVER): AsyncIterable<SpeechEvent> =>
    world().tts.speak(ENGLISH, text, signal);

  describe('a voice', () => {
    test('takes all of the text while its first sound is played', async () => {
      const taken = Promise.withResolvers<void>();
      async function* text(): AsyncGenerator<string> {
        yield* ['Hello there. ', 'How are you? ', 'Good bye.'];
        taken.resolve();
      }
      for await (const { type } of speak(text())) if (type === 'audio') await taken.promise;
      expect(world().runs().at(-1)?.text).toBe('Hello there. How are you? Good bye.');
    });

    test.each([{ pieces: [] }, { pieces: [''] }, { pieces: [' ', '\n'] }])(
      'asks for nothing when there is nothing to say: $pieces',
      async ({ pieces }) => {
        const before = world().runs().length;
        await hear(speak(textOf(...pieces)));
        const texts = world()
          .runs()
          .map(({ text }) => text.trim());
        expect(texts.slice(before).join('')).toBe('');
      },
    );

    test('goes on after a long pause of the text, with times that go on', async () => {
      const before = world().runs().length;
      const audible = Promise.withResolvers<void>();
      async function* text(): AsyncGenerator<string> {
        yield 'One moment. ';
        await audible.promise;
        await world().pause();
        yield 'Here it is.';
      }
      const { said, words, soundMs, error } = await hear(speak(text()), ({ type }) => {
        if (type === 'audio') audible.resolve();
      });
      expect(error).toBeUndefined();
      expect(said).toBe('Onemoment.Hereitis.');
      expectGrowing(words, soundMs);
      expect(
        world()
          .runs()
          .slice(before)
          .map(({ text }) => text)
          .join(''),
      ).toBe('One moment. Here it is.');
    });

    test('several speak at once, each its own text', async () => {
      const texts = [
        'First of all.',
        'Second to none.',
        'Third time lucky.',
        'Fourth and last.',
        'Fifth.',
        'Six.',
        'Seven.',
      ];
      const heard = await Promise.all(texts.map((text) => hear(speak(textOf(text)))));
      expect(heard.map(({ said }) => said)).toEqual(texts.map((text) => text.replaceAll(' ', '')));
    });

    test('aborted while it is silent it ends in silence', async () => {
      const before = world().runs().length;
      world().decide('stall');
      const speaker = new AbortController();
      const heard = hear(speak(endless(), speaker.signal));
      await holds(() => expect(world().runs().length).toBe(before + 1));
      expect(world().runs().at(-1)?.isOver).toBe(false);
      speaker.abort(new Error('too long'));
      expect(await heard).toMatchObject({ events: [], error: undefined });
      await holds(() => expect(world().runs().at(-1)?.isOver).toBe(true));
    });

    test.each([
      ['the key is refused', 'refused-key', { kind: 'auth', retryable: false }],
      ['too many speak', 'rate-limited', { kind: 'quota', retryable: true }],
      ['the provider fails', 'server-error', { kind: 'unavailable', retryable: true }],
      ['the connection breaks', 'cut', { kind: 'unavailable', retryable: true }],
      ['what it sends cannot be read', 'garbage', { kind: 'malformed', retryable: false }],
      ['a text is spoken without a sound', 'no-sound', { kind: 'unavailable', retryable: true }],
    ] as const)('fails before a sound when %s', async (_what, fate, expected) => {
      world().decide(fate);
      const { events, error } = await hear(speak(textOf('Hello there.')));
      expect(events).toEqual([]);
      expect(error).toMatchObject({
        name: 'TroupeError',
        service: 'tts',
        fault: 'provider',
        ...expected,
      });
      const again = await hear(speak(textOf('Hello there.')));
      expect(again).toMatchObject({ said: 'Hellothere.', error: undefined });
    });

    test.each([
      ['cut', 'unavailable'],
      ['server-error', 'unavailable'],
      ['garbage', 'malformed'],
    ] as const)('fails in the middle, after what it said: %s', async (fate, kind) => {
      world().decide(fate, 400);
      const { soundMs, error } = await hear(speak(textOf('Hello there, my friend. How are you?')));
      expect(soundMs).toBeGreaterThan(300);
      expect(soundMs).toBeLessThan(1_500);
      expect(error).toMatchObject({ kind, service: 'tts', fault: 'provider' });
    });
  });
}
