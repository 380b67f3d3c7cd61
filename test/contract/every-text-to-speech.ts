import { describe, expect, test } from 'vitest';
import type { SpeechEvent, TextToSpeech } from '../../src/ports/text-to-speech.ts';
import { ENGLISH, NEVER, endless, expectGrowing, hear, textOf } from './text-to-speech-hearing.ts';

/** A provider that speaks as it likes. */
export interface VoiceItself {
  readonly tts: TextToSpeech;
  /** The same provider, asked with a key that it does not know; a fake looks at none. */
  readonly stranger?: TextToSpeech;
  /** How often it was asked, where that is known. */
  readonly asked?: () => number;
  /** Resolves once the last speech is over at the provider, where that can be seen. */
  readonly over?: () => Promise<void>;
}

/** What holds of every voice, the living ones too: nothing is made to go wrong. */
export function everyVoice(world: () => VoiceItself): void {
  const speak = (text: AsyncIterable<string>, signal = NEVER): AsyncIterable<SpeechEvent> =>
    world().tts.speak(ENGLISH, text, signal);

  describe('however it sounds, a voice', () => {
    test('says a text as it comes, and when each word sounds', async () => {
      const { error, soundMs, said, words } = await hear(
        speak(textOf('Hello there, ', 'my friend. ', 'How are you?')),
      );
      expect(error).toBeUndefined();
      expect(said).toBe('Hellothere,myfriend.Howareyou?');
      expect(soundMs).toBeGreaterThan(800);
      expectGrowing(words, soundMs);
      expect(words.at(-1)!.toMs).toBeGreaterThan(soundMs / 2);
    });

    test('begins before it has all of the text', async () => {
      const audible = Promise.withResolvers<void>();
      async function* text(): AsyncGenerator<string> {
        yield 'Hello there. ';
        await audible.promise;
        yield 'Good bye.';
      }
      const { said, error } = await hear(speak(text()), ({ type }) => {
        if (type === 'audio') audible.resolve();
      });
      expect(error).toBeUndefined();
      expect(said).toBe('Hellothere.Goodbye.');
    });

    test('says Japanese', async () => {
      const { said, words, soundMs, error } = await hear(
        world().tts.speak(
          { voice: undefined, language: 'ja' },
          textOf('はい、', 'おすすめの商品です。'),
          NEVER,
        ),
      );
      expect(error).toBeUndefined();
      expect(said).toBe('はい、おすすめの商品です。');
      expectGrowing(words, soundMs);
    });

    test.each([{ pieces: [] }, { pieces: [''] }, { pieces: [' ', '\n'] }])(
      'says nothing when there is nothing to say: $pieces',
      async ({ pieces }) => {
        const { events, error } = await hear(speak(textOf(...pieces)));
        expect({ events, error }).toEqual({ events: [], error: undefined });
      },
    );

    test('aborted it ends in silence, and at the provider', async () => {
      const speaker = new AbortController();
      const { error, events } = await hear(speak(endless(), speaker.signal), ({ type }) => {
        if (type === 'audio') speaker.abort(new Error('interrupted'));
      });
      expect(error).toBeUndefined();
      expect(events.at(-1)?.type).toBe('audio');
      await world().over?.();
    });

    test('left in the middle it ends at the provider', async () => {
      for await (const { type } of speak(endless())) if (type === 'audio') break;
      await world().over?.();
    });

    test('is not asked by somebody who is gone', async () => {
      const before = world().asked?.();
      const gone = AbortSignal.abort(new Error('gone'));
      expect(await hear(speak(textOf('Hello.'), gone))).toMatchObject({
        events: [],
        error: undefined,
      });
      expect(world().asked?.()).toBe(before);
    });

    test('fails with the one who makes the text', async () => {
      async function* text(): AsyncGenerator<string> {
        yield 'Hello there. ';
        throw new Error('no more ideas');
      }
      const { error } = await hear(speak(text()));
      expect(error).toMatchObject({ message: 'no more ideas' });
      await world().over?.();
    });

    test('warms up, and never complains', async () => {
      await expect(world().tts.warmUp()).resolves.toBeUndefined();
      expect(await hear(speak(textOf('Hello.')))).toMatchObject({
        said: 'Hello.',
        error: undefined,
      });
    });

    test('refuses a key that it does not know', async ({ skip }) => {
      const { stranger } = world();
      skip(stranger === undefined, 'it looks at no key');
      expect(await hear(stranger!.speak(ENGLISH, textOf('Hello.'), NEVER))).toMatchObject({
        events: [],
        error: { name: 'TroupeError', service: 'tts', kind: 'auth', fault: 'provider' },
      });
    });
  });
}
