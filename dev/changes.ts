import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Yields after each change below `folder`, once the files rest. It looks twice a second: a recursive
 * fs.watch on Linux loses a file that an editor has replaced by a rename.
 */
export async function* changesIn(folder: string, signal: AbortSignal): AsyncGenerator<void> {
  let seen = await picture(folder);
  let yielded = seen;
  while (await rest(signal)) {
    const now = await picture(folder);
    if (now === seen && now !== yielded) {
      yielded = now;
      yield;
    }
    seen = now;
  }
}

/** Resolves with false as soon as the signal aborts. */
async function rest(signal: AbortSignal): Promise<boolean> {
  return await sleep(250, undefined, { signal }).then(
    () => true,
    () => false,
  );
}

/** Every file with the time of its last change, as one text. */
async function picture(folder: string): Promise<string> {
  const names = await readdir(folder, { recursive: true });
  const lines = names.map(async (name) => {
    const times = await stat(join(folder, name)).catch(() => undefined);
    return `${name} ${times?.mtimeMs}`;
  });
  return (await Promise.all(lines)).sort().join('\n');
}
