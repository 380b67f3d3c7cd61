import { describe, expect, it } from 'vitest';
import { openSpeechSound } from '../../src/lib/speech-sound.ts';

/** 1 ms is one sample. */
const RATE = 1_000;

describe('the sound of a speech', () => {
  it('is whole samples, wherever the bytes are cut', () => {
    const sound = openSpeechSound(RATE);
    const bytes = bytesOf(loud(50));
    const pieces = [
      bytes.subarray(0, 1),
      bytes.subarray(1, 2),
      bytes.subarray(2, 51),
      bytes.subarray(51),
    ];
    const pcm = pieces.flatMap((piece) => [...(sound.sound(piece) ?? [])]);
    expect(pcm).toEqual(loud(50));
  });

  it('is its own memory', () => {
    const bytes = bytesOf(loud(3));
    const pcm = openSpeechSound(RATE).sound(bytes)!;
    bytes.fill(0);
    expect([...pcm]).toEqual(loud(3));
    expect(pcm.byteOffset).toBe(0);
  });

  it('keeps 40 ms of the silence before it, and shifts the words with it', () => {
    const sound = openSpeechSound(RATE);
    sound.words([{ text: 'Hi', fromMs: 200, toMs: 260 }]);
    expect(sound.sound(bytesOf(silent(150)))).toBeUndefined();
    expect(sound.takeWords()).toEqual([]);
    expect(sound.isAudible()).toBe(false);
    expect([...sound.sound(bytesOf([...silent(50), ...loud(60)]))!]).toEqual([
      ...silent(40),
      ...loud(60),
    ]);
    expect(sound.takeWords()).toEqual([{ text: 'Hi', fromMs: 40, toMs: 100 }]);
    expect(sound.takeWords()).toEqual([]);
  });

  it('keeps silence that comes later, and less than 40 ms', () => {
    const sound = openSpeechSound(RATE);
    expect(sound.sound(bytesOf([...silent(10), ...loud(5)]))).toHaveLength(15);
    expect(sound.sound(bytesOf(silent(100)))).toHaveLength(100);
  });

  it('lets the times of the next run go on, without a byte left of the one before', () => {
    const sound = openSpeechSound(RATE);
    sound.sound(bytesOf([...silent(100), ...loud(100)]));
    sound.sound(Uint8Array.of(7));
    sound.nextRun();
    sound.words([{ text: 'on', fromMs: 10, toMs: 20 }]);
    expect([...sound.sound(bytesOf(loud(20)))!]).toEqual(loud(20));
    expect(sound.takeWords()).toEqual([{ text: 'on', fromMs: 150, toMs: 160 }]);
  });
});

function silent(ms: number): number[] {
  return Array.from({ length: ms }, () => 40);
}

function loud(ms: number): number[] {
  return Array.from({ length: ms }, (_, at) => (at % 2 === 0 ? 9_000 + at : -9_000 - at));
}

function bytesOf(samples: readonly number[]): Uint8Array {
  return new Uint8Array(Int16Array.from(samples).buffer);
}
