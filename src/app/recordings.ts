import { makeOpenRecording } from '../adapters/files/recordings.ts';
import type { Config } from '../config.ts';
import { systemClock } from '../lib/clock.ts';
import type { Recordings } from '../ports/recordings.ts';
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
