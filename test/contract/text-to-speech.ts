import { describe, expect, test } from 'vitest';
import type { SpeechEvent, TextToSpeech } from '../../src/ports/text-to-speech.ts';
import { ENGLISH, NEVER, endless, expectGrowing, hear, textOf } from './text-to-speech-hearing.ts';
import { holds } from '../support/holds.ts';

/** What becomes of the next speech. */
export type SpeechFate =
  | 'refused-key'
  | 'rate-limited'
  | 'no-sound'
  | 'stall'
  | 'cut'
  | 'server-error';

/** A provider that speaks. */
export interface SpeechWorld {
  readonly tts: TextToSpeech;
  /** `afterMs` of its sound: for what happens in the middle. */
  decide(fate: SpeechFate, afterMs?: number): void;
  /** What the provider was asked to say, run by run, oldest first. */
  readonly runs: () => readonly { readonly text: string; readonly isOver: boolean }[];
  /** Lets time pass until the run that is open has ended, where one ends by itself. */
  pause(): Promise<void>;
}

/** A provider as it is in truth: nothing can be made to go wrong there. */
export function liveSpeechContract(tts: () => TextToSpeech): void {
  describe('a living voice', () => {
    test('says a text as it comes, and when each word sounds', async () => {
      const { error, soundMs, said, words } = await hear(
        tts().speak(ENGLISH, textOf('Hello there. ', 'How are ', 'you today?'), NEVER),
      );
      expect(error).toBeUndefined();
      expect(said).toBe('Hellothere.Howareyoutoday?');
      expect(soundMs).toBeGreaterThan(800);
      expectGrowing(words, soundMs);
    });
  });
}

/** How every provider speaks, ends and fails. */
export function speechContract(world: () => SpeechWorld): void {
  const speak = (text: AsyncIterable<string>, signal = NEVER): AsyncIterable<SpeechEvent> =>
    world().tts.speak(ENGLISH, text, signal);

  describe('a voice', () => {
    test('says a text as it comes, and when each word sounds', async () => {
      const { error, soundMs, said, words } = await hear(
        speak(textOf('Hello there, ', 'my friend. ', 'How are you?')),
      );
      expect(error).toBeUndefined();
      expect(said).toBe('Hellothere,myfriend.Howareyou?');
      expect(soundMs).toBeGreaterThan(1_500);
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

    test('takes all of the text while its first sound is played', async () => {
      const taken = Promise.withResolvers<void>();
      async function* text(): AsyncGenerator<string> {
        yield* ['Hello there. ', 'How are you? ', 'Good bye.'];
        taken.resolve();
      }
      for await (const { type } of speak(text())) if (type === 'audio') await taken.promise;
      expect(world().runs().at(-1)?.text).toBe('Hello there. How are you? Good bye.');
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
        const before = world().runs().length;
        const { events, error } = await hear(speak(textOf(...pieces)));
        expect({ events, error }).toEqual({ events: [], error: undefined });
        expect(
          world()
            .runs()
            .slice(before)
            .map(({ text }) => text.trim())
            .join(''),
        ).toBe('');
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

    test('aborted it ends in silence, and at the provider', async () => {
      const speaker = new AbortController();
      const { error, events } = await hear(speak(endless(), speaker.signal), ({ type }) => {
        if (type === 'audio') speaker.abort(new Error('interrupted'));
      });
      expect(error).toBeUndefined();
      expect(events.at(-1)?.type).toBe('audio');
      await holds(() => expect(world().runs().at(-1)?.isOver).toBe(true));
    });

    test('left in the middle it ends at the provider', async () => {
      for await (const { type } of speak(endless())) if (type === 'audio') break;
      await holds(() => expect(world().runs().at(-1)?.isOver).toBe(true));
    });

    test('is not asked by somebody who is gone', async () => {
      const before = world().runs().length;
      const gone = AbortSignal.abort(new Error('gone'));
      expect(await hear(speak(textOf('Hello.'), gone))).toMatchObject({
        events: [],
        error: undefined,
      });
      expect(world().runs().length).toBe(before);
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

    test.each(['cut', 'server-error'] as const)(
      'fails in the middle, after what it said: %s',
      async (fate) => {
        world().decide(fate, 400);
        const { soundMs, error } = await hear(
          speak(textOf('Hello there, my friend. How are you?')),
        );
        expect(soundMs).toBeGreaterThan(300);
        expect(soundMs).toBeLessThan(1_500);
        expect(error).toMatchObject({ kind: 'unavailable', service: 'tts', fault: 'provider' });
      },
    );

    test('fails with the one who makes the text', async () => {
      async function* text(): AsyncGenerator<string> {
        yield 'Hello there. ';
        throw new Error('no more ideas');
      }
      const { error } = await hear(speak(text()));
      expect(error).toMatchObject({ message: 'no more ideas' });
      await holds(() => expect(world().runs().at(-1)?.isOver).toBe(true));
    });

    test('warms up, and never complains', async () => {
      await expect(world().tts.warmUp()).resolves.toBeUndefined();
      expect(await hear(speak(textOf('Hello.')))).toMatchObject({
        said: 'Hello.',
        error: undefined,
      });
    });
  });
}
