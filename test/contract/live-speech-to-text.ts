import { expect, test } from 'vitest';
import { readSamples, recordingOf } from '../../dev/speech/catalog.ts';
import { systemClock } from '../../src/lib/clock.ts';
import type { SpeechToText, SttEvent } from '../../src/ports/speech-to-text.ts';
import { openChanges } from '../support/until.ts';
import { silence } from '../support/sound-path.ts';

/** What the provider itself is asked, at its own pace: it may spell what it hears its own way. */
export function liveSttContract(stt: () => SpeechToText): void {
  test('understands a sentence, and is flushed', { timeout: 30_000 }, async () => {
    const events: SttEvent[] = [];
    const { tell, until } = openChanges();
    using stream = stt().open({ language: 'en' }, (event) => {
      events.push(event);
      tell();
    });
    for (const pcm of [silence(300), readSamples(recordingOf('weather-oliver'))]) {
      for (let at = 0; at < pcm.length; at += 512) {
        stream.push(pcm.slice(at, at + 512));
        await systemClock.delay(32);
      }
    }
    stream.flush();
    await until(
      'the end of the flush',
      () => events.find(({ type }) => type === 'flushed'),
      15_000,
    );
    const text = events.flatMap((event) => (event.type === 'final' ? [event.text] : [])).join(' ');
    expect(text.toLowerCase()).toContain('weather');
  });
}
