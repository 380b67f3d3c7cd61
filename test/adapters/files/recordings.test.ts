import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { makeOpenRecording } from '../../../src/adapters/files/recordings.ts';
import { systemClock } from '../../../src/lib/clock.ts';

async function newDirectory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'recordings-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

it('writes lines in order into a file of its own that its owner alone reads', async () => {
  const directory = join(await newDirectory(), 'made', 'here');
  const failures: unknown[] = [];
  const sink = makeOpenRecording(systemClock, { directory })('a.jsonl', (one) =>
    failures.push(one),
  );
  for (let line = 0; line < 2_000; line += 1) {
    expect(sink.write(`line ${line}`)).toBe(true);
    if (line % 500 === 0) await new Promise(setImmediate);
  }
  await sink.close('end');
  await sink.close('end again');
  expect(sink.write('after the end')).toBe(false);
  const text = await readFile(join(directory, 'a.jsonl'), 'utf8');
  expect(text.split('\n')).toEqual([
    ...Array.from({ length: 2_000 }, (_, line) => `line ${line}`),
    'end',
    '',
  ]);
  expect((await stat(join(directory, 'a.jsonl'))).mode & 0o777).toBe(0o600);
  expect((await stat(directory)).mode & 0o777).toBe(0o700);
  expect(failures).toEqual([]);
});

it('takes no more than may wait for the disk, but for the last line', async () => {
  const directory = await newDirectory();
  const sink = makeOpenRecording(systemClock, { directory, maxWaiting: 100 })('a', () => undefined);
  const taken = Array.from({ length: 20 }, () => sink.write('0123456789'));
  expect(taken.filter(Boolean)).toHaveLength(10);
  await sink.close('end');
  const text = await readFile(join(directory, 'a'), 'utf8');
  expect(text.split('\n').slice(-3)).toEqual(['0123456789', 'end', '']);
});

it.each<[string, string, (directory: string) => Promise<unknown>]>([
  ['a place that is a file', 'ENOTDIR', (place) => writeFile(place, '')],
  [
    'a file that is there',
    'EEXIST',
    (place) => mkdir(place).then(() => writeFile(join(place, 'a'), 'old')),
  ],
  [
    'a link in its place',
    'EEXIST',
    (place) => mkdir(place).then(() => symlink('/dev/null', join(place, 'a'))),
  ],
])('tells once of %s, and drops what comes', async (_what, code, prepare) => {
  const place = join(await newDirectory(), 'place');
  await prepare(place);
  const directory = code === 'ENOTDIR' ? join(place, 'within') : place;
  const failures: unknown[] = [];
  const sink = makeOpenRecording(systemClock, { directory })('a', (one) => failures.push(one));
  sink.write('one');
  await sink.close('end');
  sink.write('two');
  expect(failures).toMatchObject([{ code }]);
});

it('tells once of a disk that takes no more, and keeps what it took', async () => {
  const directory = await newDirectory();
  // A file may not grow beyond a block of 1,024 bytes; the signal of that is ignored, the error is not.
  const limited = `trap '' XFSZ; ulimit -f 1; exec "$0" --input-type=module -e "$1" "$2"`;
  const program = `
    import { makeOpenRecording } from './src/adapters/files/recordings.ts';
    import { systemClock } from './src/lib/clock.ts';
    const told = ({ code }) => console.log(code);
    const sink = makeOpenRecording(systemClock, { directory: process.argv[1] })('a', told);
    for (let line = 0; line < 20; line += 1) {
      sink.write('x'.repeat(99));
      await new Promise(setImmediate);
    }
    await sink.close('end');`;
  const node = [limited, process.execPath, program, directory];
  const { stdout } = await promisify(execFile)('bash', ['-c', ...node]);
  expect(stdout).toBe('EFBIG\n');
  expect(await readFile(join(directory, 'a'), 'utf8')).toMatch(/^(?:x{99}\n){5,10}x*$/);
});
