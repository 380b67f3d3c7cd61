import { expect, it } from 'vitest';
import { openSpeaker } from '../../dev/simulators/voice/speaker.ts';

const OPTIONS = { voice: 'anna', sampleRate: 24_000, letterMs: 60, leadingSilenceMs: 0 };

const say = (text: string, changes: Partial<typeof OPTIONS> = {}) => {
  const spoken = [...openSpeaker({ ...OPTIONS, ...changes }).say(text)];
  const pcm = spoken.flatMap((word) => [...word.pcm]);
  const at = (fromMs: number, toMs: number) => pcm.slice(fromMs * 24, toMs * 24);
  return { words: spoken.map(({ word }) => word), pcm, at };
};

it('says the words of a text one after the other, in time with its length', () => {
  const { words, pcm } = say('Hello there, friend. Bye!');
  expect(words).toEqual([
    { text: 'Hello', fromMs: 0, toMs: 300 },
    { text: 'there,', fromMs: 360, toMs: 660 },
    { text: 'friend.', fromMs: 840, toMs: 1_200 },
    { text: 'Bye!', fromMs: 1_500, toMs: 1_680 },
  ]);
  expect(pcm.length).toBe((1_680 + 300) * 24);
});

it('is loud in words and silent between them', () => {
  const { words, at } = say('Hello there, friend.');
  for (const { fromMs, toMs } of words) expect(loudness(at(fromMs, toMs))).toBeGreaterThan(1_500);
  expect(loudness(at(300, 360))).toBe(0);
  expect(loudness(at(660, 840))).toBe(0);
});

it('gives Japanese characters times of their own', () => {
  expect(say('はい、商品。').words.map(({ text }) => text)).toEqual(['は', 'い、', '商', '品。']);
});

it('always sounds the same, other words and voices other', () => {
  const { pcm } = say('seven');
  expect(say('seven').pcm).toEqual(pcm);
  expect(difference(say('eleven').pcm, pcm)).toBeGreaterThan(0.3);
  expect(difference(say('paper').pcm, pcm)).toBeGreaterThan(0.3);
  expect(difference(say('seven', { voice: 'bert' }).pcm, pcm)).toBeGreaterThan(0.3);
  expect(difference(say('品').pcm, say('商').pcm)).toBeGreaterThan(0.3);
});

it('begins with as much silence as was asked for', () => {
  const { words, at } = say('Hi', { leadingSilenceMs: 200 });
  expect(words[0]?.fromMs).toBe(200);
  expect(loudness(at(0, 200))).toBe(0);
});

function loudness(pcm: readonly number[]): number {
  return Math.sqrt(pcm.reduce((sum, sample) => sum + sample * sample, 0) / pcm.length);
}

/** 0 for the same sound, 1 for as much difference as there is sound. */
function difference(one: readonly number[], other: readonly number[]): number {
  const apart = one.map((sample, at) => sample - (other[at] ?? 0));
  return loudness(apart) / loudness(other);
}
