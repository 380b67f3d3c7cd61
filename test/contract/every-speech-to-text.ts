import { describe, expect, test } from 'vitest';
import type { SpeechToText } from '../../src/ports/speech-to-text.ts';
import { silence } from '../support/sound-path.ts';
import { endOf, failed, listenTo, push, said, speech } from './speech-to-text-hearing.ts';
import type { Listening } from './speech-to-text-hearing.ts';

/** A provider that may spell what it hears its own way. */
export interface EarItself {
  readonly stt: SpeechToText;
  /** The same provider, asked with a key that it does not know; a fake looks at none. */
  readonly stranger?: SpeechToText;
  /** Lets it hear sound as fast as it takes it. */
  readonly play: (to: Listening, ...parts: readonly Int16Array[]) => Promise<void> | void;
  /** Resolves when no stream is open at the provider any more, where that can be seen. */
  readonly closed?: () => Promise<void>;
}

/** What holds of every ear, the living ones too: nothing is made to go wrong. */
export function everyEar(world: () => EarItself): void {
  const limit = { timeout: 45_000 };

  async function flush({ stream, events, until }: Listening): Promise<void> {
    const flushes = (): number => events.filter(({ type }) => type === 'flushed').length;
    const before = flushes();
    stream.flush();
    await until('flushed', () => flushes() > before);
  }

  describe('however it spells, a transcription', () => {
    test('understands a sentence, tells when it was said, and is flushed', limit, async () => {
      const listening = listenTo(world().stt);
      const sound = [silence(300), speech('weather-oliver')];
      await world().play(listening, ...sound);
      await flush(listening);
      expect(said(listening).toLowerCase()).toContain('weather');
      expect(listening.stream.isIdle()).toBe(true);
      const soundMs = sound.reduce((sum, { length }) => sum + length / 16, 0);
      for (const { confidence, audioFromMs, audioToMs } of listening.finals()) {
        expect(confidence).toBeGreaterThan(0.3);
        expect(audioFromMs).toBeGreaterThanOrEqual(0);
        expect(audioToMs).toBeGreaterThan(audioFromMs);
        expect(audioToMs).toBeLessThan(soundMs + 500);
      }
    });

    test('goes on after it was flushed, and so do its times', limit, async () => {
      const listening = listenTo(world().stt);
      await world().play(listening, speech('weather-oliver'));
      await flush(listening);
      const before = listening.finals().length;
      await world().play(listening, silence(500), speech('green-sam'));
      await flush(listening);
      const [first] = listening.finals();
      const later = listening.finals().slice(before);
      expect(later.map(({ text }) => text.toLowerCase()).join(' ')).toContain('green');
      expect(later[0]?.audioFromMs).toBeGreaterThan((first?.audioFromMs ?? 0) + 1_000);
    });

    test('knows Japanese', limit, async () => {
      const listening = listenTo(world().stt, 'ja');
      await world().play(listening, speech('osusume-yuki'));
      await flush(listening);
      expect(said(listening)).toMatch(/おすすめ|お勧め|お薦め|商品/u);
    });

    test('flushed without anything pushed says so', async () => {
      const listening = listenTo(world().stt);
      listening.stream.flush();
      expect(listening.events).toEqual([]);
      await listening.until('flushed', () => listening.events.length > 0);
      expect(listening.events).toEqual([{ type: 'flushed' }]);
    });

    test('closed by us ends once, without an error, and takes sound no more', async () => {
      const listening = listenTo(world().stt);
      push(listening, speech('stop-emma'));
      listening.stream[Symbol.dispose]();
      listening.stream[Symbol.dispose]();
      expect(listening.events).toEqual([]);
      expect(await endOf(listening)).toEqual({ type: 'ended', error: undefined });
      push(listening, speech('stop-emma'));
      listening.stream.flush();
      await world().closed?.();
      expect(listening.events).toHaveLength(1);
    });

    test('with a key that it does not know ends with that', async ({ skip }) => {
      const { stranger } = world();
      skip(stranger === undefined, 'it looks at no key');
      const listening = listenTo(stranger!);
      push(listening, speech('stop-emma'));
      expect(await endOf(listening)).toEqual(failed('auth'));
    });
  });
}
