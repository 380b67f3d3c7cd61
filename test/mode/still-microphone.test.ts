import { setImmediate as tick } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { FRAME, openHearingWorld } from './hearing-world.ts';

it('waits for the last words of a muted microphone: a turn for a while, the transcription for longer', async () => {
  const world = openHearingWorld();
  const ear = world.opens();
  world.hears(ear, '####');
  ear.muted();
  expect(world.streams[0]?.flushes).toBe(1);
  expect(world.types()).toEqual(['speech-started', 'speech-stopped']);
  world.clock.pass(3_000);
  await tick();
  expect(world.types().at(-1)).toBe('microphone-silent');
  expect(world.streams[0]?.closed).toBe(false);
  world.clock.pass(30_000);
  await tick();
  expect(world.streams[0]?.closed).toBe(true);
});

it('closes the transcription of a muted microphone, and opens one for what is said from then on', async () => {
  const world = openHearingWorld();
  const ear = world.opens();
  world.hears(ear, '####');
  ear.muted();
  world.streams[0]?.tell({ type: 'flushed' });
  await tick();
  expect(world.streams[0]?.closed).toBe(true);
  ear.unmuted();
  world.hears(ear, '.');
  // None of it is heard twice.
  expect(world.streams.map(({ samples }) => samples)).toEqual([4 * FRAME, FRAME]);
});

it('hears to its end what was still on its way when the microphone was muted', async () => {
  const world = openHearingWorld();
  const ear = world.opens();
  world.hears(ear, '####');
  ear.muted();
  world.hears(ear, '####');
  world.streams[0]?.tell({ type: 'flushed' });
  await tick();
  expect(world.streams[0]?.closed).toBe(false);
  world.clock.pass(520);
  world.streams[0]?.tell({ type: 'flushed' });
  await tick();
  expect([world.streams[0]?.flushes, world.streams[0]?.closed]).toEqual([2, true]);
  expect(world.types().at(-1)).toBe('microphone-silent');
});

it('waits for the last words of a microphone that is gone no longer than a turn does', async () => {
  const world = openHearingWorld();
  const ear = world.opens();
  world.hears(ear, '####');
  ear.closed();
  world.clock.pass(3_000);
  await tick();
  expect(world.streams[0]?.closed).toBe(true);
});

it('keeps the transcription of a microphone that is opened again before its last words came', async () => {
  const world = openHearingWorld();
  const ear = world.opens();
  world.hears(ear, '####');
  ear.muted();
  ear.unmuted();
  world.streams[0]?.tell({ type: 'flushed' });
  await tick();
  world.hears(ear, '..####');
  expect(world.streams.map(({ closed }) => closed)).toEqual([false]);
});

it('takes nobody for silent who speaks again while the last words come', async () => {
  const world = openHearingWorld();
  const ear = world.opens();
  world.hears(ear, '####');
  ear.muted();
  ear.unmuted();
  world.hears(ear, '..####');
  world.streams[0]?.tell({ type: 'flushed' });
  await tick();
  expect(world.types()).toEqual(['speech-started', 'speech-stopped', 'speech-started']);
});

it('takes nobody for silent who speaks by another microphone', async () => {
  const world = openHearingWorld();
  const first = world.opens();
  world.hears(first, '####');
  const second = world.opens(true, 'TR_2');
  first.closed();
  world.hears(second, '####');
  world.streams[0]?.tell({ type: 'flushed' });
  await tick();
  expect(world.types()).toEqual(['speech-started', 'speech-stopped', 'speech-started']);
});

it('ends what is said when no frames come any more', async () => {
  const world = openHearingWorld();
  const ear = world.opens();
  world.hears(ear, '####');
  world.clock.pass(519);
  expect(world.streams[0]?.flushes).toBe(0);
  world.clock.pass(1);
  expect(world.streams[0]?.flushes).toBe(1);
  world.streams[0]?.tell({ type: 'flushed' });
  await tick();
  expect(world.types()).toEqual(['speech-started', 'speech-stopped', 'microphone-silent']);
  expect(world.streams[0]?.closed).toBe(true);
});

it('takes no stall of ours for a microphone without frames', async () => {
  const world = openHearingWorld();
  const ear = world.opens();
  world.hears(ear, '####....');
  world.hearing.watchSilence('ann', 1, 1_500);
  world.clock.pass(510);
  ear.frame(new Int16Array(FRAME));
  world.clock.pass(400);
  await tick();
  expect(world.streams[0]?.flushes).toBe(0);
});

it('ends what is said when no frames come in the silence behind it', async () => {
  const world = openHearingWorld();
  const ear = world.opens();
  world.hears(ear, '####....');
  world.hearing.watchSilence('ann', 1, 1_500);
  world.clock.pass(400);
  world.hears(ear, '.');
  world.clock.pass(519);
  expect(world.streams[0]?.flushes).toBe(0);
  world.clock.pass(1);
  world.streams[0]?.tell({ type: 'flushed' });
  await tick();
  expect(world.types().at(-1)).toBe('microphone-silent');
});
