import { expect, onTestFinished } from 'vitest';
import { readSamples, recordingOf } from '../../dev/speech/catalog.ts';
import { systemClock } from '../../src/lib/clock.ts';
import type { SpeechToText, SttEvent, SttStream } from '../../src/ports/speech-to-text.ts';
import { openChanges } from '../support/until.ts';

/** What one stream told. */
export interface Listening {
  readonly stream: SttStream;
  readonly events: readonly SttEvent[];
  finals(): readonly (SttEvent & { readonly type: 'final' })[];
  readonly until: (what: string, look: () => unknown) => Promise<void>;
}

/** Opens a stream that ends with the test. */
export function listenTo(stt: SpeechToText, language: string | undefined = 'en'): Listening {
  const events: SttEvent[] = [];
  const { tell, until } = openChanges();
  const stream = stt.open({ language }, (event) => {
    events.push(event);
    tell();
  });
  onTestFinished(() => stream[Symbol.dispose]());
  return {
    stream,
    events,
    finals: () => events.filter((event) => event.type === 'final'),
    until: async (what, look) => void (await until(what, () => look() || undefined, 10_000)),
  };
}

/** Pushes as a microphone does, but faster. */
export function push({ stream }: Pick<Listening, 'stream'>, ...parts: readonly Int16Array[]): void {
  for (const frame of framesOf(parts)) stream.push(frame);
}

/** Pushes as a microphone does, as fast as it was spoken: a living provider takes it no faster. */
export async function pushInTime(
  { stream }: Pick<Listening, 'stream'>,
  ...parts: readonly Int16Array[]
): Promise<void> {
  for (const frame of framesOf(parts)) {
    stream.push(frame);
    await systemClock.delay(frame.length / 16);
  }
}

/** Waits for the one end that a stream has. */
export async function endOf({ events, until }: Listening): Promise<SttEvent | undefined> {
  await until('the end', () => events.at(-1)?.type === 'ended');
  expect(events.filter(({ type }) => type === 'ended')).toHaveLength(1);
  return events.at(-1);
}

/** All finals in one line. */
export function said(listening: Listening): string {
  return listening
    .finals()
    .map(({ text }) => text)
    .join(' ');
}

/** A recording of the catalog. */
export function speech(id: string): Int16Array {
  return readSamples(recordingOf(id));
}

/** The end of a stream that failed like this. */
export function failed(kind: string) {
  const error = { name: 'TroupeError', kind, service: 'stt', fault: 'provider' };
  return { type: 'ended', error: expect.objectContaining(error) };
}

function* framesOf(parts: readonly Int16Array[]): Generator<Int16Array> {
  for (const pcm of parts) {
    for (let at = 0; at < pcm.length; at += 512) yield pcm.slice(at, at + 512);
  }
}
