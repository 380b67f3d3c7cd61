import { expect, it } from 'vitest';
import { watchUnheard } from '../../src/mode/unheard.ts';
import { openHearingWorld } from './hearing-world.ts';

/** Frames of 32 ms with speech: a little more, or less, than 5 s. */
const [LONG, SHORT] = ['#'.repeat(162), '#'.repeat(150)];

it('tells of 5 s of speech without a word, and again after as much more', () => {
  const world = openHearingWorld();
  const ear = world.opens();
  world.hears(ear, SHORT);
  expect(world.types()).not.toContain('unheard');
  world.hears(ear, '#'.repeat(12));
  expect(world.events.at(-1)).toEqual({ type: 'unheard', identity: 'ann' });
  world.hears(ear, LONG);
  expect(world.types().filter((type) => type === 'unheard')).toHaveLength(2);
});

it('does not where words came, nor for silence', () => {
  const world = openHearingWorld();
  const ear = world.opens();
  world.hears(ear, SHORT);
  world.streams[0]?.tell({ type: 'interim', text: 'So', audioFromMs: 0, audioToMs: 500 });
  world.hears(ear, SHORT + '.'.repeat(400));
  expect(world.types()).not.toContain('unheard');
});

it('does where all words are too unsure to count', () => {
  const world = openHearingWorld();
  const ear = world.opens();
  world.hears(ear, SHORT);
  const unsure = { text: 'So', confidence: 0.3, language: 'en' };
  world.streams[0]?.tell({ type: 'final', ...unsure, audioFromMs: 0, audioToMs: 500 });
  world.hears(ear, '#'.repeat(12));
  expect(world.types()).toContain('unheard');
});

it('adds up what is spoken with pauses, but not the coughs of an hour', () => {
  let told = 0;
  const watch = watchUnheard(() => (told += 1));
  for (let at = 1; at <= 100; at += 1) watch.spoke(at * 11_000, 500);
  expect(told).toBe(0);
  const from = 100 * 11_000;
  for (let at = 1; at <= 9; at += 1) watch.spoke(from + at * 5_000, 500);
  expect(told).toBe(1);
});

it('tells at once where what tells speech from noise has failed', () => {
  const world = openHearingWorld();
  world.opens();
  world.breaksVad();
  expect(world.events).toEqual([{ type: 'unheard', identity: 'ann' }]);
  expect(world.observed).toEqual(['provider-failed']);
});
