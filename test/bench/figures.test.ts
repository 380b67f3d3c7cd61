import { describe, expect, it } from 'vitest';
import { countLost, joined } from '../../bench/lib/memory.ts';
import type { SavedMessage } from '../../bench/lib/memory.ts';
import { openMoments } from '../../bench/lib/moments.ts';
import { percentile } from '../../bench/lib/percentile.ts';
import { questionIn, questionText } from '../../bench/lib/questions.ts';

function asked(id: string, addressed = true): SavedMessage {
  return { role: 'user', id, text: id, addressed };
}

function answer(id: string, answers: readonly string[]): SavedMessage {
  return { role: 'assistant', id, text: id, answers };
}

describe('committed turns lost', () => {
  it('is none when all are there and answered', () => {
    const before = [asked('q1'), answer('a1', ['q1']), asked('q2')];
    expect(countLost(before, [...before, answer('a2', ['q2'])])).toBe(0);
  });

  it('counts a turn that is gone, and one that nobody answered', () => {
    const before = [asked('q1'), answer('a1', ['q1']), asked('q2'), asked('q3')];
    const now = [asked('q1'), answer('a1', ['q1']), asked('q3')];
    expect(countLost(before, now)).toBe(2);
  });

  it('asks for no answer to what was not for the bot', () => {
    expect(countLost([asked('aside', false)], [asked('aside', false)])).toBe(0);
  });

  it('takes what was saved earlier and later, each once', () => {
    const both = joined([asked('q1'), asked('q2')], [asked('q2'), asked('q3')]);
    expect(both.map(({ id }) => id)).toEqual(['q1', 'q2', 'q3']);
  });
});

describe('a percentile', () => {
  it('is the nearest rank, whatever the order', () => {
    const values = Array.from({ length: 20 }, (_none, at) => 20 - at);
    expect([percentile(values, 0.5), percentile(values, 0.95), percentile(values, 1)]).toEqual([
      10, 19, 20,
    ]);
  });

  it('of nothing is no number', () => {
    expect(percentile([], 0.95)).toBeNaN();
  });
});

describe('a question', () => {
  it('is known again in what the model quotes of it', () => {
    expect(questionIn(`I heard you say "${questionText('r-7', 12)}".`)).toBe('r-7 12');
    expect(questionIn('Mira has joined the chat!')).toBeUndefined();
  });
});

describe('moments', () => {
  it('keep the first time, for those who ask before and after', async () => {
    const moments = openMoments();
    const waiting = moments.when('joined', 1_000);
    moments.tell('joined', 5);
    moments.tell('joined', 9);
    expect([await waiting, await moments.when('joined', 1_000), moments.at('joined')]).toEqual([
      5, 5, 5,
    ]);
  });

  it('say what was waited for in vain', async () => {
    await expect(openMoments().when('joined', 1)).rejects.toThrow('in vain for: joined');
  });
});
