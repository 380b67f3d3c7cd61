import { mkdir, open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../lib/clock.ts';
import { withDeadline } from '../../lib/deadline.ts';
import type { Recordings } from '../../ports/recordings.ts';

/** How recordings are kept in files. */
export interface RecordingFileOptions {
  /** Made where it is not there yet. */
  readonly directory: string;
  /** Most bytes of one recording that may wait for the disk. */
  readonly maxWaiting?: number;
}

/** Far more than a talk makes while a disk that works is busy. */
const MAX_WAITING = 1_000_000;

/** How long the end of a talk waits for its last lines to be written, in ms. */
const CLOSE_LIMIT_MS = 1_000;

/** Keeps recordings as files that their owner alone may read, each written by itself, in order. */
export function makeOpenRecording(
  clock: Clock,
  { directory, maxWaiting = MAX_WAITING }: RecordingFileOptions,
): Recordings['open'] {
  return (name, told) => {
    let waiting: string[] = [];
    let bytes = 0;
    let file: FileHandle | undefined;
    let work: Promise<void> | undefined;
    let [closes, failed] = [false, false];

    async function run(): Promise<void> {
      try {
        file ??= await create(directory, name);
        while (waiting.length > 0) await writeWaiting(file);
        if (closes) await file.close();
      } catch (error) {
        failed = true;
        waiting = [];
        await file?.close().catch(() => undefined);
        told(error);
      } finally {
        work = undefined;
      }
    }

    async function writeWaiting(to: FileHandle): Promise<void> {
      const text = waiting.join('');
      waiting = [];
      await to.appendFile(text);
      bytes -= Buffer.byteLength(text);
    }

    function take(line: string): void {
      if (failed) return;
      waiting.push(`${line}\n`);
      bytes += Buffer.byteLength(line) + 1;
      // Begun in its own turn: whoever records is in the middle of a talk.
      work ??= Promise.resolve().then(run);
    }

    return {
      write(line) {
        if (closes || bytes > maxWaiting) return false;
        take(line);
        return true;
      },
      async close(line) {
        if (closes) return;
        closes = true;
        take(line);
        const done = work ?? Promise.resolve();
        await withDeadline(clock, CLOSE_LIMIT_MS, () => done).catch(() => undefined);
      },
    };
  };
}

/** Never a file that is there already, or one that somebody has put a link in the place of. */
async function create(directory: string, name: string): Promise<FileHandle> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  return await open(join(directory, name), 'wx', 0o600);
}
