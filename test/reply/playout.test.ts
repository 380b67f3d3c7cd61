import { expect, it } from 'vitest';
import { settled } from '../support/hand-clock.ts';
import { openPlayoutWorld, PER_MS, soundOf } from './playout-world.ts';

it('plays all of it, and tells when it begins and when all was heard', async () => {
  const { clock, track, play } = openPlayoutWorld();
  const { run, told } = play();
  run.push(soundOf(500));
  run.end();
  await settled();
  expect(told).toEqual(['audible']);
  await clock.live(579);
  expect(told).toEqual(['audible']);
  await clock.live(1);
  expect(told).toEqual(['audible', 'all sounded']);
  expect(track.heard()).toEqual([...soundOf(500)]);
  expect(run.playedMs()).toBe(500);
  expect(clock.timers()).toBe(0);
});

it('counts as heard what left the queue, less the path, and then the rest', async () => {
  const { clock, play } = openPlayoutWorld();
  const { run } = play();
  run.push(soundOf(300));
  const heard: number[] = [];
  for (let at = 0; at < 10; at += 1) {
    await clock.live(50);
    heard.push(run.playedMs());
  }
  expect(heard).toEqual([0, 20, 70, 120, 170, 220, 270, 300, 300, 300]);
});

it('queues 200 ms at most, in frames of 20 to 40 ms, however fast the sound comes', async () => {
  const { clock, track, play } = openPlayoutWorld();
  const { run } = play();
  run.push(soundOf(2_000));
  for (let at = 0; at < 100; at += 1) {
    await clock.live(7);
    expect(track.queuedMs()).toBeLessThanOrEqual(200);
  }
  expect(new Set(track.frames().map(({ pcm }) => pcm.length / PER_MS))).toEqual(new Set([40]));
});

it('in silence runs no timer and pushes nothing', async () => {
  const { clock, track, play } = openPlayoutWorld();
  const { run } = play();
  run.push(soundOf(100));
  await clock.live(100);
  const pushed = track.frames().length;
  expect(clock.timers()).toBe(0);
  await clock.live(60_000);
  expect(track.frames()).toHaveLength(pushed);
  run.push(soundOf(40, 2_400));
  await clock.live(40);
  expect(track.heard()).toEqual([...soundOf(140)]);
});

it('falls silent within 20 ms of a hold, fading, and goes on where it was, rising', async () => {
  const { clock, track, play } = openPlayoutWorld();
  const { run, told } = play();
  run.push(soundOf(1_000));
  run.end();
  await clock.live(300);
  run.hold();
  await clock.live(20);
  const silentFrom = track.heard().length;
  await clock.live(2_000);
  const heard = track.heard();
  expect(heard).toHaveLength(silentFrom);
  expect(heard.slice(0, 300 * PER_MS)).toEqual([...soundOf(300)]);
  const fade = heard.slice(300 * PER_MS);
  expect(fade).toHaveLength(20 * PER_MS);
  expect(fade.at(0)).toBe(soundOf(301).at(300 * PER_MS));
  expect(Math.abs(fade.at(-1)!)).toBeLessThan(100);
  expect(run.playedMs()).toBe(300);
  expect(clock.timers()).toBe(0);

  run.resume();
  await clock.live(900);
  const after = track.heard().slice(silentFrom);
  expect(after.at(0)).toBe(0);
  expect(after.slice(20 * PER_MS)).toEqual([...soundOf(1_000)].slice(320 * PER_MS));
  expect(told).toEqual(['audible', 'all sounded']);
});

it('held before its first sound it begins when it is resumed', async () => {
  const { clock, track, play } = openPlayoutWorld();
  const { run } = play();
  run.hold();
  run.push(soundOf(100));
  run.end();
  await clock.live(5_000);
  expect(track.frames()).toEqual([]);
  run.resume();
  await clock.live(100);
  expect(track.heard()).toEqual([...soundOf(100)]);
});

it('stopped it says at once how much was heard, fades, and nothing follows', async () => {
  const { clock, track, play } = openPlayoutWorld();
  const { run, told } = play();
  run.push(soundOf(1_000));
  await clock.live(300);
  expect(run.stop()).toBe(220);
  run.push(soundOf(1_000));
  run.resume();
  await clock.live(5_000);
  expect(track.heard()).toHaveLength(320 * PER_MS);
  expect(Math.abs(track.heard().at(-1)!)).toBeLessThan(100);
  expect([run.stop(), run.playedMs()]).toEqual([220, 220]);
  expect(told).toEqual(['audible', 'stopped']);
  expect(clock.timers()).toBe(0);
});

it('stopped while held it makes no sound', async () => {
  const { clock, track, play } = openPlayoutWorld();
  const { run } = play();
  run.push(soundOf(1_000));
  await clock.live(300);
  run.hold();
  await clock.live(500);
  const { length } = track.heard();
  expect(run.stop()).toBe(300);
  await clock.live(500);
  expect(track.heard()).toHaveLength(length);
});

it('ends with its signal', async () => {
  const { clock, track, owner, play } = openPlayoutWorld();
  const { run, told } = play();
  run.push(soundOf(1_000));
  await clock.live(300);
  owner.abort(new Error('the room is gone'));
  await clock.live(1_000);
  expect(told).toEqual(['audible', 'stopped']);
  expect(run.playedMs()).toBe(220);
  expect(track.heard()).toHaveLength(320 * PER_MS);
  expect(await play().run.played).toBe(false);
});

it('a new run stops the old one, and comes behind its fade', async () => {
  const { clock, track, play } = openPlayoutWorld();
  const first = play();
  first.run.push(soundOf(1_000));
  await clock.live(300);
  const second = play();
  second.run.push(soundOf(100, 5_000));
  second.run.end();
  await clock.live(500);
  expect(first.told).toEqual(['audible', 'stopped']);
  expect(second.told).toEqual(['audible', 'all sounded']);
  expect(track.heard().slice(320 * PER_MS)).toEqual([...soundOf(100, 5_000)]);
});

it('waits for somebody who hears, at most 3 s, and only in the beginning', async () => {
  const { clock, track, play } = openPlayoutWorld();
  track.audience(false);
  const aborted = play();
  aborted.run.push(soundOf(100));
  await clock.live(1_000);
  aborted.run.stop();
  const { run, told } = play();
  run.push(soundOf(100));
  await clock.live(2_999);
  expect(told).toEqual([]);
  await clock.live(1);
  expect(told).toEqual(['audible']);
  const next = play();
  next.run.push(soundOf(100));
  await clock.live(20);
  expect(next.told).toEqual(['audible']);
});

it('waits again where the voice was published anew', async () => {
  const { clock, track, play } = openPlayoutWorld();
  const first = play();
  first.run.push(soundOf(100));
  await clock.live(20);
  expect(first.told).toEqual(['audible']);
  track.audience(false);
  const { run, told } = play();
  run.push(soundOf(100));
  await clock.live(1_000);
  expect(told).toEqual([]);
  track.audience(true);
  await settled();
  expect(told).toEqual(['audible']);
});

it('counts nothing as heard that was queued when the path was cut', async () => {
  const { clock, track, play } = openPlayoutWorld();
  const { run } = play();
  run.push(soundOf(1_000));
  await clock.live(300);
  // As the voice does it, before the room is told.
  track.clear();
  expect(run.stop()).toBe(220);
  expect(track.heard()).toHaveLength(300 * PER_MS);
});

it('nor of the last words, which wait for nothing more', async () => {
  const { clock, track, play } = openPlayoutWorld();
  const { run } = play();
  run.push(soundOf(300));
  run.end();
  await clock.live(250);
  track.clear();
  expect(run.stop()).toBe(170);
});

it('begins as soon as somebody hears', async () => {
  const { clock, track, play } = openPlayoutWorld();
  track.audience(false);
  const { run, told } = play();
  run.push(soundOf(100));
  await clock.live(500);
  track.audience(true);
  await settled();
  expect(told).toEqual(['audible']);
});

it('a voice that takes nothing ends it within 2 s', async () => {
  const { clock, track, play } = openPlayoutWorld();
  const { run, told } = play();
  run.push(soundOf(1_000));
  await clock.live(300);
  track.fault = 'hang';
  await clock.live(2_100);
  expect(told).toEqual(['audible', 'TroupeError: LiveKit: the voice took no sound']);
  await expect(run.played).rejects.toMatchObject({ kind: 'timeout', service: 'livekit' });
  expect(run.stop()).toBe(run.playedMs());
  expect(clock.timers()).toBe(0);
});

it('a voice that is closed ends it at once', async () => {
  const { clock, track, play } = openPlayoutWorld();
  const { run, told } = play();
  run.push(soundOf(1_000));
  await clock.live(300);
  track.fault = new Error('closed');
  await clock.live(40);
  expect(told).toEqual(['audible', 'TroupeError: LiveKit: the voice took no sound']);
  expect(track.queuedMs()).toBe(0);
});
