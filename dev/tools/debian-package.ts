import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { BinarySource } from './binary.ts';

/**
 * Takes one file out of a Debian package, without installing anything: some seconds where the machine
 * is a Debian. apt checks the package against the archive's signature.
 */
export function takeFromDebian(name: string, file: string): BinarySource {
  return {
    way: 'Debian package',
    async get(target, report) {
      const folder = await mkdtemp(join(dirname(target), 'unpacking-'));
      const run = async (command: string, ...args: readonly string[]): Promise<void> => {
        await promisify(execFile)(command, args, { cwd: folder, timeout: LIMIT_MS });
      };
      try {
        report(`taking it from Debian's package ${name}`);
        // apt gives its downloads to a user who cannot write here, and says so; it is no failure.
        await run('apt-get', '-q', 'download', name).catch(async () => {
          await run('apt-get', '-q', 'update');
          await run('apt-get', '-q', 'download', name);
        });
        const [archive] = (await readdir(folder)).filter((one) => one.endsWith('.deb'));
        if (archive === undefined) throw new Error(`apt-get downloaded no ${name}`);
        await run('dpkg-deb', '-x', archive, 'content');
        await chmod(join(folder, 'content', file), 0o755);
        await rename(join(folder, 'content', file), target);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

const LIMIT_MS = 120_000;
