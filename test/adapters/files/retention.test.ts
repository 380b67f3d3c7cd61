import { execFile } from 'node:child_process';
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  rm,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { makeOpenRecording } from '../../../src/adapters/files/recordings.ts';
import { openRetention } from '../../../src/adapters/files/retention.ts';
import type { RetentionOptions } from '../../../src/adapters/files/retention.ts';
import { DeadlineExceeded } from '../../../src/lib/deadline.ts';
import type { Observation } from '../../../src/ports/observe.ts';
import { openHandClock } from '../../support/hand-clock.ts';
import { holds } from '../../support/holds.ts';

const DAY_MS = 86_400_000;
const EVERY_MS = 600_000;

/** A folder that is looked after, on day 10 of 1970. */
async function openFolder() {
  const above = await mkdtemp(join(tmpdir(), 'retention-'));
  onTestFinished(() => rm(above, { recursive: true, force: true }));
  const directory = join(above, 'recordings');
  await mkdir(directory);
  const hand = openHandClock();
  hand.jumpWall(10 * DAY_MS);
  const observed: Observation[] = [];
  const pauses: number[] = [];
  const clock: typeof hand = {
    ...hand,
    delay(delayMs, signal) {
      pauses.push(delayMs);
      return hand.delay(delayMs, signal);
    },
  };
  return {
    directory,
    clock,
    observed,
    pauses,
    /** Puts a file there that was written on such a day. */
    async put(name: string, day: number, bytes = 0): Promise<void> {
      await writeFile(join(directory, name), '');
      await truncate(join(directory, name), bytes);
      await utimes(join(directory, name), day * 86_400, day * 86_400);
    },
    names: async () => (await readdir(directory)).sort(),
    keep(options: Partial<RetentionOptions> = {}): Disposable {
      return openRetention(
        { clock, observe: (one) => void observed.push(one), random: () => 0.5 },
        {
          directory,
          keepMs: 0,
          keepBytes: 0,
          isRecording: (name) => name.endsWith('.jsonl'),
          ...options,
        },
      );
    },
    /** So many sweeps are done, and it waits for the next one. */
    swept: (times: number) => holds(() => expect(pauses).toHaveLength(times)),
  };
}

it('deletes what was not written for too long, and nothing but recordings', async () => {
  const folder = await openFolder();
  for (const day of [1, 6, 7.1, 10]) await folder.put(`day-${day}.jsonl`, day, 100);
  await folder.put('notes.txt', 1);
  await mkdir(join(folder.directory, 'folder.jsonl'));
  await symlink('notes.txt', join(folder.directory, 'link.jsonl'));
  using _kept = folder.keep({ keepMs: 3 * DAY_MS });
  await folder.swept(1);
  expect(await folder.names()).toEqual([
    'day-10.jsonl',
    'day-7.1.jsonl',
    'folder.jsonl',
    'link.jsonl',
    'notes.txt',
  ]);
  expect(folder.observed).toEqual([{ type: 'recordings-deleted', files: 2, bytes: 200 }]);
});

it('deletes the oldest of too many, and no more of them than it must', async () => {
  const folder = await openFolder();
  for (const day of [1, 2, 3, 4, 5]) await folder.put(`day-${day}.jsonl`, day, 100);
  using _kept = folder.keep({ keepBytes: 300 });
  await folder.swept(1);
  expect(await folder.names()).toEqual(['day-3.jsonl', 'day-4.jsonl', 'day-5.jsonl']);
  expect(folder.observed).toEqual([{ type: 'recordings-deleted', files: 2, bytes: 200 }]);
});

it('keeps all where neither age nor size has a bound, and says nothing', async () => {
  const folder = await openFolder();
  await folder.put('old.jsonl', 0, 1_000_000);
  using _kept = folder.keep();
  await folder.swept(1);
  expect(await folder.names()).toEqual(['old.jsonl']);
  expect(folder.observed).toEqual([]);
});

it('looks again about every ten minutes, also where the folder comes late, until its end', async () => {
  const folder = await openFolder();
  await rm(folder.directory, { recursive: true });
  {
    using _kept = folder.keep({ keepMs: DAY_MS });
    await folder.swept(1);
    expect(folder.observed).toEqual([]);
    await mkdir(folder.directory);
    await folder.put('old.jsonl', 1);
    folder.clock.pass(EVERY_MS);
    await folder.swept(2);
    expect(await folder.names()).toEqual([]);
    expect(folder.pauses).toEqual([EVERY_MS, EVERY_MS]);
  }
  expect(folder.clock.timers()).toBe(0);
});

it('leaves a talk alone whose recording it deletes', async () => {
  const folder = await openFolder();
  const failures: unknown[] = [];
  const open = makeOpenRecording(folder.clock, { directory: folder.directory });
  const sink = open('live.jsonl', (error) => failures.push(error));
  sink.write('x'.repeat(100));
  await holds(async () => expect(await folder.names()).toEqual(['live.jsonl']));
  folder.clock.jumpWall(Date.now());
  using _kept = folder.keep({ keepMs: DAY_MS });
  await folder.swept(1);
  expect(await folder.names()).toEqual([]);
  expect(sink.write('more')).toBe(true);
  await sink.close('end');
  expect(failures).toEqual([]);
});

it('shares a folder with others, without a word when one was quicker', async () => {
  const folder = await openFolder();
  for (let file = 0; file < 50; file += 1) await folder.put(`${file}.jsonl`, 1, 1);
  using _first = folder.keep({ keepMs: DAY_MS });
  using _second = folder.keep({ keepMs: DAY_MS });
  await folder.swept(2);
  expect(await folder.names()).toEqual([]);
  const counts = folder.observed.map((one) =>
    one.type === 'recordings-deleted' ? one.files : one,
  );
  expect(counts.reduce((sum, files) => Number(sum) + Number(files), 0)).toBe(50);
});

it('tells at each sweep what cannot be deleted, and goes on', async () => {
  const folder = await openFolder();
  await rm(folder.directory, { recursive: true });
  await writeFile(folder.directory, 'no folder');
  using _kept = folder.keep({ keepMs: DAY_MS });
  await folder.swept(1);
  folder.clock.pass(EVERY_MS);
  await folder.swept(2);
  const failure = { type: 'recordings-not-deleted', error: { code: 'ENOTDIR' } };
  expect(folder.observed).toMatchObject([failure, failure]);
});

it('counts what it may not delete, and does not stop at the first', async () => {
  const folder = await openFolder();
  for (const day of [1, 2, 3]) await folder.put(`day-${day}.jsonl`, day, 1);
  await chmod(join(folder.directory, '..'), 0o755);
  await chmod(folder.directory, 0o555);
  const program = `
    import { openRetention } from '${join(import.meta.dirname, '../../../src/adapters/files/retention.ts')}';
    import { systemClock as clock } from '${join(import.meta.dirname, '../../../src/lib/clock.ts')}';
    const observe = ({ type, files, error }) => {
      console.log(JSON.stringify({ type, files, code: error.code }));
      kept[Symbol.dispose]();
    };
    const options = { directory: '${folder.directory}', keepMs: 1, keepBytes: 0 };
    const kept = openRetention(
      { clock, observe, random: Math.random },
      { ...options, isRecording: () => true },
    );`;
  // Whoever runs the tests as root may delete everything: a child of another user tries.
  const asNobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const node = ['--input-type=module', '--eval', program];
  const { stdout } = await promisify(execFile)(process.execPath, node, {
    ...asNobody,
    cwd: '/',
    timeout: 20_000,
  });
  await chmod(folder.directory, 0o755);
  const told = { type: 'recordings-not-deleted', files: 3, code: 'EACCES' };
  expect(JSON.parse(stdout)).toEqual(told);
});

it('tells of a disk that takes too long, and waits for it before it looks again', async () => {
  const folder = await openFolder();
  await folder.put('old.jsonl', 1, 5);
  using _kept = folder.keep({ keepMs: DAY_MS });
  // Before the disk has answered.
  folder.clock.pass(EVERY_MS);
  await folder.swept(1);
  expect(folder.observed).toMatchObject([
    { type: 'recordings-not-deleted', error: expect.any(DeadlineExceeded) },
    { type: 'recordings-deleted', files: 1, bytes: 5 },
  ]);
});
