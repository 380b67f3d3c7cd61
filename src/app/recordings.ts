import { makeOpenRecording } from '../adapters/files/recordings.ts';
import { openRetention } from '../adapters/files/retention.ts';
import type { Config } from '../config.ts';
import { systemClock } from '../lib/clock.ts';
import type { Observe } from '../ports/observe.ts';
import type { Recordings } from '../ports/recordings.ts';
import { isRecordingName } from '../recorder/file-name.ts';
import { productVersion } from './product-version.ts';

/** Where talks that are to be recorded are recorded; `undefined` where no place is configured. */
export function makeRecordings(config: Config): Recordings | undefined {
  const directory = config.RECORDINGS_DIR;
  if (directory === undefined) return undefined;
  return {
    open: makeOpenRecording(systemClock, { directory }),
    maxBytes: config.RECORDING_MAX_MB * 1_000_000,
    withText: config.RECORDINGS_WITH_TEXT,
    version: productVersion(),
  };
}

/** Deletes recordings that are not to be kept until it is disposed; `undefined` where all of them are. */
export function keepRecordings(config: Config, observe: Observe): Disposable | undefined {
  const directory = config.RECORDINGS_DIR;
  const keepMs = config.RECORDINGS_KEEP_DAYS * DAY_MS;
  const keepBytes = config.RECORDINGS_KEEP_MB * 1_000_000;
  if (directory === undefined || keepMs + keepBytes === 0) return undefined;
  return openRetention(
    { clock: systemClock, observe, random: Math.random },
    { directory, keepMs, keepBytes, isRecording: isRecordingName },
  );
}

const DAY_MS = 86_400_000;
