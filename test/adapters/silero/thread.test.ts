import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { openSileroVoiceActivity } from '../../../src/adapters/silero/voice-activity.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import type { Observation } from '../../../src/ports/observe.ts';
import { listenTo } from '../../support/speech-windows.ts';

it('skips what is over two seconds late, and says so once', async () => {
  const seen: Observation[] = [];
  await using voiceActivity = await openSileroVoiceActivity(
    { clock: systemClock, observe: (one) => seen.push(one) },
    new AbortController().signal,
  );
  const stream = listenTo(voiceActivity);
  stream.push(new Int16Array(100 * 512));
  stream.push(new Int16Array(100 * 512));
  // Of the first push one window is at work, one of the second replaces each other one that waits.
  const windows = await stream.judged(63);
  expect(windows[0]?.toSample).toBe(39 * 512);
  expect(windows.slice(1).map(({ toSample }) => toSample)).toEqual(
    Array.from({ length: 62 }, (_none, at) => (139 + at) * 512),
  );
  expect(seen).toMatchObject([{ type: 'warning' }]);
});

it('is not opened for somebody who is gone', async () => {
  const gone = new Error('gone');
  const open = (signal: AbortSignal) =>
    openSileroVoiceActivity({ clock: systemClock, observe: () => undefined }, signal);
  await expect(open(AbortSignal.abort(gone))).rejects.toBe(gone);
  const leaving = new AbortController();
  const opening = open(leaving.signal);
  leaving.abort(gone);
  await expect(opening).rejects.toBe(gone);
});

it('ends no process when nobody waits any more while it loads', async () => {
  const home = new URL('../../../src/', import.meta.url);
  const program = `
    import { openSileroVoiceActivity } from '${home.href}adapters/silero/voice-activity.ts';
    import { systemClock as clock } from '${home.href}lib/clock.ts';
    import { once } from 'node:events';
    const deps = { clock, observe: () => undefined };
    const ends = [];
    process.on('worker', (thread) => ends.push(once(thread, 'exit')));
    const stay = setInterval(() => undefined, 1_000);
    for (let ms = 0; ms <= 400; ms += 25) {
      const life = AbortSignal.timeout(ms);
      await openSileroVoiceActivity(deps, life).then((opened) => opened[Symbol.asyncDispose](), () => {});
    }
    await Promise.all(ends);
    clearInterval(stay);
    console.log('alive', ends.length);
  `;
  const args = ['--input-type=module', '--eval', program];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 25_000 });
  expect(stdout).toMatch(/^alive \d+/);
});

it('keeps no process alive, and lets it end in peace', async () => {
  const home = new URL('../../../src/', import.meta.url);
  const program = `
    import { openSileroVoiceActivity } from '${home.href}adapters/silero/voice-activity.ts';
    import { systemClock as clock } from '${home.href}lib/clock.ts';
    const deps = { clock, observe: () => undefined };
    const { signal } = new AbortController();
    const voiceActivity = await openSileroVoiceActivity(deps, signal);
    const judged = Promise.withResolvers();
    const stay = setInterval(() => undefined, 1_000);
    voiceActivity.open(judged.resolve, judged.reject).push(new Int16Array(512));
    console.log(JSON.stringify(await judged.promise));
    clearInterval(stay);
  `;
  const args = ['--input-type=module', '--eval', program];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 20_000 });
  expect(JSON.parse(stdout)).toMatchObject({ toSample: 512 });
});
