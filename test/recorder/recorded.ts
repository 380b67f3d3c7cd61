import { Readable } from 'node:stream';
import type { Clock } from '../../src/lib/clock.ts';
import type { Observation } from '../../src/ports/observe.ts';
import type { Recordings } from '../../src/ports/recordings.ts';
import { openRecorder } from '../../src/recorder/recorder.ts';
import type { Recorder } from '../../src/recorder/recorder.ts';
import { replay } from '../../src/recorder/replay.ts';
import type { ReplayEnd } from '../../src/recorder/replay.ts';
import type { ConversationPolicy } from '../../src/conversation/state.ts';

/** A recording in memory. */
export interface Recorded {
  readonly recorder: Recorder;
  /** What was written so far, line by line. */
  readonly lines: readonly string[];
  readonly observed: readonly Observation[];
  /** Names of the files that were begun. */
  readonly files: readonly string[];
  /** Lets the disk fail, as it tells. */
  fail(error: unknown): void;
}

export interface RecordedOptions {
  readonly withText?: boolean;
  readonly maxBytes?: number;
  /** Lines that are taken. */
  readonly room?: number;
  readonly random?: () => number;
}

/** Opens a recorder that writes into memory. */
export function openRecorded(
  clock: Clock,
  policy: () => ConversationPolicy,
  options: RecordedOptions = {},
): Recorded {
  const {
    withText = false,
    maxBytes = 10_000_000,
    room = Infinity,
    random = Math.random,
  } = options;
  const lines: string[] = [];
  const observed: Observation[] = [];
  const files: string[] = [];
  let fail: (error: unknown) => void = () => undefined;
  const recordings: Recordings = {
    maxBytes,
    withText,
    version: '1.2.3',
    open(name, told) {
      files.push(name);
      fail = told;
      return {
        write: (line) => lines.length < room && lines.push(line) > 0,
        close: async (line) => void lines.push(line),
      };
    },
  };
  const recorder = openRecorder(
    { clock, observe: (one) => void observed.push(one), random, recordings },
    {
      room: 'room',
      session: 'talk',
      epoch: 3,
      character: { id: 'mia', name: 'Mia' },
    },
    policy,
  );
  return { recorder, lines, observed, files, fail: (error) => fail(error) };
}

/** Replays these lines, and nobody looks on. */
export async function replayed(lines: readonly string[]): Promise<ReplayEnd> {
  const onlooker = { begins: () => undefined, stepped: () => undefined };
  return await replay(Readable.from(lines), onlooker);
}
