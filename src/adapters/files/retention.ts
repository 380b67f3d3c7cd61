import { lstat, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { unlessAborted } from '../../lib/abort.ts';
import type { Clock } from '../../lib/clock.ts';
import { withDeadline } from '../../lib/deadline.ts';
import { openScope } from '../../lib/scope.ts';
import type { Observe } from '../../ports/observe.ts';

/** What is kept of the recordings in a directory. */
export interface RetentionOptions {
  readonly directory: string;
  /** Since a recording's last line; 0: for ever. */
  readonly keepMs: number;
  /** Of all together; 0: as many as come. */
  readonly keepBytes: number;
  /** Whether a file of this name is a recording: no other one is touched. */
  readonly isRecording: (name: string) => boolean;
}

export interface RetentionDeps {
  readonly clock: Clock;
  readonly observe: Observe;
  readonly random: () => number;
}

/** About so often, in ms; workers that share a directory do not come all at once. */
const EVERY_MS = 600_000;
/** When a sweep that is not done is told, in ms: it is the disk that hangs. */
const SWEEP_LIMIT_MS = 300_000;

/**
 * Deletes recordings that are too old and, of too many, the oldest: now and every ten minutes until it
 * is disposed. Files are looked at one after the other, so that it never takes more than one of the
 * threads that all file calls of the process share. Never throws; what fails is told at each sweep.
 */
export function openRetention(deps: RetentionDeps, options: RetentionOptions): Disposable {
  const life = openScope();
  void sweepUntilEnd(deps, options, life.signal);
  return life;
}

async function sweepUntilEnd(
  { clock, observe, random }: RetentionDeps,
  options: RetentionOptions,
  signal: AbortSignal,
): Promise<void> {
  const failed = (error: unknown, files?: number): void => {
    if (!signal.aborted) observe({ type: 'recordings-not-deleted', files, error });
  };
  const look = async (): Promise<void> => {
    try {
      const { files, bytes, left, error } = await sweep(options, clock.wallMs(), signal);
      if (files > 0) observe({ type: 'recordings-deleted', files, bytes });
      if (left > 0) failed(error, left);
    } catch (error) {
      failed(error);
    }
  };
  while (!signal.aborted) {
    const work = look();
    await withDeadline(clock, SWEEP_LIMIT_MS, () => work, signal).catch((error: unknown) =>
      failed(error),
    );
    // A disk that hangs gets no second sweep before it has ended the first.
    await unlessAborted(work, signal).catch(() => undefined);
    await clock.delay(EVERY_MS * (0.75 + random() / 2), signal).catch(() => undefined);
  }
}

interface Swept {
  readonly files: number;
  readonly bytes: number;
  /** Files that could not be deleted, and why the first of them. */
  readonly left: number;
  readonly error: unknown;
}

async function sweep(
  { directory, keepMs, keepBytes, isRecording }: RetentionOptions,
  now: number,
  signal: AbortSignal,
): Promise<Swept> {
  const all = await findRecordings(directory, isRecording, signal);
  let total = all.reduce((sum, { bytes }) => sum + bytes, 0);
  let [files, bytes] = [0, 0];
  const errors: unknown[] = [];
  for (const one of all) {
    const isOld = keepMs > 0 && now - one.writtenAt > keepMs;
    if (signal.aborted || !(isOld || (keepBytes > 0 && total > keepBytes))) break;
    // Also where it stays: others are not to go in its stead.
    total -= one.bytes;
    try {
      // In a directory that workers share another one may have been quicker.
      if ((await unlessGone(unlink(one.path).then(() => true))) !== true) continue;
      files += 1;
      bytes += one.bytes;
    } catch (error) {
      errors.push(error);
    }
  }
  return { files, bytes, left: errors.length, error: errors[0] };
}

interface Found {
  readonly path: string;
  readonly bytes: number;
  /** In ms since 1970, by the clock of the file system. */
  readonly writtenAt: number;
}

/** Recordings, the one that was not written for longest first: so those under way are the last. */
async function findRecordings(
  directory: string,
  isRecording: (name: string) => boolean,
  signal: AbortSignal,
): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (const name of (await unlessGone(readdir(directory))) ?? []) {
    if (signal.aborted) break;
    if (!isRecording(name)) continue;
    const path = join(directory, name);
    const file = await unlessGone(lstat(path));
    if (file?.isFile() === true) found.push({ path, bytes: file.size, writtenAt: file.mtimeMs });
  }
  return found.sort((one, other) => one.writtenAt - other.writtenAt);
}

/** `undefined` where what it is about is not there, or no more. */
async function unlessGone<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
