import { describe, expect, it } from 'vitest';
import { openChannel } from '../../src/lib/channel.ts';
import { speakInRuns } from '../../src/lib/speak-in-runs.ts';
import type { RunPart, SpeechPart, SpeechRun } from '../../src/lib/speak-in-runs.ts';
import { openHandClock, settled } from '../support/hand-clock.ts';
import { holds } from '../support/holds.ts';

describe('a speech in runs', () => {
  it('is one run while pieces come within 400 ms, and another after that', async () => {
    const { clock, text, runs, read } = openWorld();
    const parts = read();
    text.put('One ');
    await clock.live(399);
    text.put('two. ');
    await clock.live(399);
    expect(runs[0]).toMatchObject({ said: ['One ', 'two. '], finished: false });
    await clock.live(1);
    expect(runs[0]?.finished).toBe(true);
    text.put('Three.');
    text.end();
    await settled();
    expect(runs).toHaveLength(1);
    runs[0]!.sound(100);
    await settled();
    expect(runs[1]).toMatchObject({ said: ['Three.'], finished: true });
    runs[1]!.words('Three.', 10, 20);
    runs[1]!.sound(50);
    expect(await parts).toMatchObject([
      { type: 'audio' },
      { type: 'words', words: [{ text: 'Three.', fromMs: 110, toMs: 120 }] },
      { type: 'audio' },
    ]);
  });

  it('says what comes after the provider ended a run in the next one', async () => {
    const { text, runs, read } = openWorld();
    const parts = read();
    text.put('One. ');
    await settled();
    runs[0]!.sound(100);
    await settled();
    text.put('Two. ');
    text.end();
    await holds(() => expect(runs[1]?.said).toEqual(['Two. ']));
    runs[1]!.sound(100);
    expect(await parts).toHaveLength(2);
  });

  it('opens no run for marks alone: they go with the words that follow', async () => {
    const { text, runs, read } = openWorld();
    const parts = read();
    text.put('… ');
    await settled();
    expect(runs).toEqual([]);
    text.put('well.');
    text.put(' !');
    text.end();
    await settled();
    expect(runs[0]?.said).toEqual(['… well.', ' !']);
    runs[0]!.sound(10);
    expect(await parts).toHaveLength(1);
  });

  it.each([
    ['no sound', 0, 0],
    ['only silence', 100, 0],
  ])('fails when a run gave %s', async (_what, ms, volume) => {
    const { text, runs, read } = openWorld();
    const parts = read();
    text.put('Hello.');
    text.end();
    await settled();
    runs[0]!.sound(ms, volume);
    await expect(parts).rejects.toThrow('silent');
  });

  it('leaves no run and no text behind when it is left', async () => {
    const { text, runs, speech, returned } = openWorld();
    text.put('Hello.');
    const reading = speech[Symbol.asyncIterator]();
    const first = reading.next();
    await settled();
    runs[0]!.put({ type: 'sound', bytes: samples(10, 9_000) });
    await first;
    await reading.return(undefined);
    expect(runs[0]?.cancelled).toBe(true);
    await holds(() => expect(returned()).toBe(true));
  });
});

interface HandRun extends SpeechRun {
  readonly said: string[];
  finished: boolean;
  cancelled: boolean;
  put(part: RunPart): void;
  words(text: string, fromMs: number, toMs: number): void;
  /** Its last sound: the run ends. */
  sound(ms: number, volume?: number): void;
}

function openWorld() {
  const clock = openHandClock();
  const text = openChannel<string>();
  const runs: HandRun[] = [];
  let returned = false;
  const pieces = text[Symbol.asyncIterator]();
  const speech = speakInRuns(
    {
      clock,
      sampleRate: 1_000,
      makeSilentError: () => new Error('silent'),
      async openRun() {
        const run = openRun();
        runs.push(run);
        return run;
      },
    },
    {
      [Symbol.asyncIterator]: () => ({
        next: () => pieces.next(),
        async return() {
          returned = true;
          return { done: true, value: undefined };
        },
      }),
    },
    new AbortController().signal,
  );
  async function read(): Promise<readonly SpeechPart[]> {
    return Array.fromAsync(speech);
  }
  return { clock, text, runs, speech, read, returned: () => returned };
}

function openRun(): HandRun {
  const parts = openChannel<RunPart>();
  let over = false;
  return {
    parts,
    said: [],
    finished: false,
    cancelled: false,
    say(text) {
      if (!over) this.said.push(text);
      return !over;
    },
    finish() {
      this.finished = true;
    },
    cancel() {
      this.cancelled = !over;
      parts.end();
    },
    put: parts.put,
    words(text, fromMs, toMs) {
      parts.put({ type: 'words', words: [{ text, fromMs, toMs }] });
    },
    sound(ms, volume = 9_000) {
      over = true;
      if (ms > 0) parts.put({ type: 'sound', bytes: samples(ms, volume) });
      parts.end();
    },
  };
}

function samples(ms: number, volume: number): Uint8Array {
  return new Uint8Array(new Int16Array(ms).fill(volume).buffer);
}
