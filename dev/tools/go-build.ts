import { execFile, spawn } from 'node:child_process';
import { glob, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import type { BinarySource, Report } from './binary.ts';

/** Where Go is installed when it is not on PATH; patterns are allowed. */
export const USUAL_GO_FOLDERS: readonly string[] = [
  '/usr/local/go/bin',
  '/usr/lib/go/bin',
  '/opt/homebrew/bin',
  join(homedir(), 'go/bin'),
  join(homedir(), 'sdk/go*/bin'),
];

/** What is built. */
export interface GoProgram {
  /** The main package. */
  readonly package: string;
  /** A folder whose go.mod names the package's module and whose go.sum pins all sources. */
  readonly sources: string;
  /** Go's own `-ldflags`, to name the version in the program. Default: none. */
  readonly ldflags?: string;
  /** When a build is given up, in ms. Default: 20 minutes. */
  readonly limitMs?: number;
}

/**
 * Builds a program from the sources that its go.sum pins, with the Go toolchain on PATH or in one of
 * `goFolders`: some seconds to some minutes. Fails when there is no Go toolchain, or with what it said
 * last.
 */
export function buildWithGo(
  program: GoProgram,
  goFolders: readonly string[] = USUAL_GO_FOLDERS,
): BinarySource {
  return {
    way: 'build',
    async get(target, report) {
      const go = await findGo(goFolders);
      report(`building it with ${go}, which is done once`);
      const unfinished = `${target}.${process.pid}.tmp`;
      const args = ['build', ...FLAGS, `-ldflags=-s -w ${program.ldflags ?? ''}`.trimEnd()];
      try {
        await runGo(go, [...args, '-o', unfinished, program.package], program, report);
        await rename(unfinished, target);
      } finally {
        await rm(unfinished, { force: true });
      }
      report('built');
    },
  };
}

const FLAGS = ['-mod=readonly', '-trimpath', '-buildvcs=false'];
const LONGEST_BUILD_MS = 20 * 60_000;

async function findGo(folders: readonly string[]): Promise<string> {
  if (await works('go')) return 'go';
  for await (const go of glob(folders.map((folder) => join(folder, 'go')))) {
    if (await works(go)) return go;
  }
  throw new Error('there is no Go toolchain, neither on PATH nor in its usual folders');
}

async function works(go: string): Promise<boolean> {
  return await promisify(execFile)(go, ['version'], { timeout: 10_000 }).then(
    () => true,
    () => false,
  );
}

/** Runs the go command in the sources' folder; a line every 10 s shows that it is alive. */
async function runGo(
  go: string,
  args: readonly string[],
  { sources: cwd, limitMs = LONGEST_BUILD_MS }: GoProgram,
  report: Report,
): Promise<void> {
  const child = spawn(go, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
  const startedAt = performance.now();
  let last = '';
  const lines = createInterface({ input: child.stderr });
  lines.on('line', (line) => (last = line));
  const progress = setInterval(() => {
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    report(`${seconds} s, ${last.startsWith('go: downloading') ? last.slice(4) : 'compiling'}`);
  }, 10_000);
  const limit = setTimeout(() => child.kill('SIGKILL'), limitMs);
  const code = await new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null));
    child.once('close', resolve);
  });
  clearInterval(progress);
  clearTimeout(limit);
  if (code !== 0) throw new Error(`go build ended with ${code}: ${last}`);
}
