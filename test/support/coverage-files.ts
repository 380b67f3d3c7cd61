import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/**
 * Vitest's set-up of each test file. Vitest collects what the processes that the file spawned have
 * written about their coverage; one that was killed while it wrote has left half a file, which would
 * fail the run.
 */
afterAll(async () => {
  const folder = process.env['NODE_V8_COVERAGE'];
  if (folder === undefined) return;
  const names = await readdir(folder).catch(() => []);
  for (const path of names.map((name) => join(folder, name))) {
    if (!isWhole(await readFile(path, 'utf8'))) await rm(path);
  }
});

function isWhole(json: string): boolean {
  try {
    JSON.parse(json);
    return true;
  } catch {
    return false;
  }
}
