import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from '../../dev/tools/binary.ts';
import { holdLock } from '../../dev/tools/lock.ts';

/** What a peer needs that is no dependency of ours. */
export interface Recipe {
  readonly name: string;
  /** Files beside this one that pin what is installed; they are copied into the peer's folder. */
  readonly pins: readonly string[];
  /** Its program, copied anew each time: it finds its packages from there. */
  readonly program: readonly string[];
  /** What else the installation depends on. */
  readonly platform: string;
  /** Command lines that are run in the folder, one after the other. */
  readonly steps: readonly (readonly [string, ...string[]])[];
  /** What to do where they fail. */
  readonly remedy: string;
}

/**
 * The folder of a peer in the user's cache, ready to run; installed there at first, which takes a minute
 * and tells stderr, and again when its pins change.
 * @throws with what to install when a step fails.
 */
export async function installPeer(recipe: Recipe): Promise<string> {
  const { name, pins, program } = recipe;
  const folder = join(cacheFolder(), 'peers', `${name}-${await digestOf(recipe)}`);
  await mkdir(join(folder, '..'), { recursive: true });
  await using _lock = await holdLock(`${folder}.lock`, `another process to install ${name}`);
  const done = join(folder, DONE);
  if (!existsSync(done)) {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder);
    await copyInto(folder, pins);
    for (const step of recipe.steps) await run(recipe, step, folder);
    await writeFile(done, '');
  }
  await copyInto(folder, program);
  return folder;
}

/** Stands in a folder in which all steps went well. */
const DONE = '.installed';
const STEP_LIMIT_MS = 15 * 60_000;
const KEPT_CHARACTERS = 2_000;

async function digestOf({ pins, platform, steps }: Recipe): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([platform, steps]));
  for (const pin of pins) hash.update(await readFile(besideUs(pin)));
  return hash.digest('hex').slice(0, 12);
}

async function copyInto(folder: string, files: readonly string[]): Promise<void> {
  for (const file of files) await copyFile(besideUs(file), join(folder, basename(file)));
}

function besideUs(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}

async function run(
  { name, remedy }: Recipe,
  [command, ...args]: readonly [string, ...string[]],
  cwd: string,
): Promise<void> {
  console.error(`${name}: ${[command, ...args].join(' ')}`);
  const signal = AbortSignal.timeout(STEP_LIMIT_MS);
  const child = spawn(command, args, { cwd, signal, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  const keep = (chunk: Buffer): void =>
    void (printed = (printed + chunk.toString('utf8')).slice(-KEPT_CHARACTERS));
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const why = await new Promise<string | undefined>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code) => resolve(code === 0 ? undefined : `it ended with ${code}`));
  });
  if (why !== undefined) {
    throw new Error(
      `${name} cannot be installed: ${command}: ${why}. ${remedy}\n${printed.trim()}`,
    );
  }
}
