import { createHash } from 'node:crypto';

/**
 * The name of a recording's file: its session, the epoch of the bot, when it began. Of a session's id
 * stays what is safe in a file name; where that is not all of it, a digest tells it from others.
 */
export function fileNameOf(of: {
  readonly session: string;
  readonly epoch: number;
  readonly startedAt: string;
}): string {
  const time = of.startedAt.replace(/[^\dTZ]/g, '');
  return `${safe(of.session)}_e${of.epoch}_${time}.jsonl`;
}

/** Whether a file has the name of a recording. */
export function isRecordingName(name: string): boolean {
  return /^[A-Za-z0-9-]*_e\d+_\d{8}T\d{9}Z\.jsonl$/.test(name);
}

const MOST_CHARACTERS = 80;

function safe(id: string): string {
  const plain = id.replace(/[^A-Za-z0-9-]+/g, '-').slice(0, MOST_CHARACTERS);
  if (plain === id) return plain;
  return `${plain}-${createHash('sha256').update(id).digest('hex').slice(0, 8)}`;
}
