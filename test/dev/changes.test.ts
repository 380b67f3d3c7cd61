import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { changesIn } from '../../dev/changes.ts';

it('sees a file written, replaced by a rename, added below and removed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'troupe-test-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'file.ts');
  await writeFile(file, '1');
  const ended = new AbortController();
  const changes = changesIn(folder, ended.signal);
  const seen = async (change: Promise<unknown>): Promise<boolean | undefined> => {
    await change;
    return (await changes.next()).done;
  };
  const replace = async (): Promise<void> => {
    await writeFile(join(folder, 'new.ts'), '3');
    await rename(join(folder, 'new.ts'), file);
  };
  const add = async (): Promise<void> => {
    await mkdir(join(folder, 'below'));
    await writeFile(join(folder, 'below/other.ts'), '4');
  };
  const first = changes.next();
  // It may take its first look only after a write, so that one write would not do.
  const written = async (): Promise<unknown> => {
    await writeFile(file, '2');
    return await Promise.race([first, sleep(1_000)]);
  };
  await expect.poll(written, { timeout: 10_000 }).toMatchObject({ done: false });
  expect(await seen(replace())).toBe(false);
  expect(await seen(replace())).toBe(false);
  expect(await seen(add())).toBe(false);
  expect(await seen(rm(file))).toBe(false);
  ended.abort();
  expect((await changes.next()).done).toBe(true);
});
