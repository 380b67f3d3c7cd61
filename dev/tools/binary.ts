import { execFile } from 'node:child_process';
import { access, mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { holdLock } from './lock.ts';

/** A program that development needs and that this machine may not have. */
export interface Binary {
  /** How messages call it. */
  readonly title: string;
  /** Its command on PATH, and its name in the cache. */
  readonly command: string;
  /** As messages and the cache name it. */
  readonly version: string;
  /** Arguments that make it tell its version, and what the right one says. */
  readonly tells: { readonly args: readonly string[]; readonly version: RegExp };
  /** Where it may come from, the quickest first. */
  readonly sources: readonly BinarySource[];
  /** What a person can do where none of them works. */
  readonly remedy: string;
}

/** One way to get a program. */
export interface BinarySource {
  /** As in "its download failed". */
  readonly way: string;
  /** Puts the program at `target`, whole or not at all, and tells `report` what takes its time. */
  get(target: string, report: Report): Promise<void>;
}

/** Takes one line of progress. */
export type Report = (line: string) => void;

/**
 * Path of a program: the one on PATH if its version is right, else the one in the cache, else from the
 * first source that has it. The last takes its time and tells stderr; of several processes that miss
 * it one does the work.
 * @throws with what to install when no source worked.
 */
export async function findBinary(binary: Binary): Promise<string> {
  if (await isRight(binary)) return binary.command;
  const path = join(cacheFolder(), `${binary.command}-${binary.version}-${PLATFORM}`);
  if (await exists(path)) return path;
  await mkdir(dirname(path), { recursive: true });
  await using _lock = await holdLock(
    `${path}.lock`,
    `another process to fetch the ${binary.title}`,
  );
  if (!(await exists(path))) await fetchBinary(binary, path);
  return path;
}

const PLATFORM = `${process.platform}-${process.arch}`;

async function fetchBinary(binary: Binary, path: string): Promise<void> {
  const { title, command, version, sources, remedy } = binary;
  const report: Report = (line) => console.error(`${command}: ${line}`);
  const failures: string[] = [];
  for (const source of sources) {
    const why = await failureOf(source.get(path, report));
    if (why === undefined) return;
    report(`no ${source.way}: ${why}`);
    failures.push(`Its ${source.way} failed: ${why}.`);
  }
  throw new Error([`${title} ${version} is missing.`, ...failures, remedy].join(' '));
}

async function failureOf(attempt: Promise<void>): Promise<string | undefined> {
  try {
    await attempt;
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The user's cache: what was fetched once outlives the checkout. */
export function cacheFolder(): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'troupe');
}

async function isRight({ command, tells }: Binary): Promise<boolean> {
  try {
    const { stdout, stderr } = await promisify(execFile)(command, tells.args, { timeout: 10_000 });
    return tells.version.test(stdout + stderr);
  } catch {
    return false;
  }
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
