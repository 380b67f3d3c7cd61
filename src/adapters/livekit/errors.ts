import { TroupeError } from '../../errors.ts';
import type { ErrorKind } from '../../errors.ts';
import { DeadlineExceeded } from '../../lib/deadline.ts';

/**
 * What a failure of LiveKit means for us. The native library says everything in one text, HTTP
 * status included, and its texts quote our token: the cause is kept without it.
 */
export function toTroupeError(doing: string, error: unknown): TroupeError {
  const [kind, hint] = classify(error);
  return new TroupeError(`LiveKit: ${doing} failed: ${hint}`, {
    kind,
    fault: kind === 'rejected' ? 'room' : 'fleet',
    service: 'livekit',
    cause: withoutTokens(error),
  });
}

function classify(error: unknown): readonly [ErrorKind, string] {
  if (error instanceof DeadlineExceeded) return ['timeout', error.message];
  const status = statusOf(error);
  if (status === undefined) return ['unavailable', 'the server cannot be reached'];
  const row = BY_STATUS.find(([from]) => status >= from);
  return row === undefined ? ['unavailable', `answered ${status}`] : [row[1], row[2]];
}

/** The first row whose status is not above ours. */
const BY_STATUS: readonly (readonly [number, ErrorKind, string])[] = [
  [500, 'unavailable', 'the server failed'],
  [430, 'rejected', 'the server refused the room'],
  [429, 'quota', 'the server limits us'],
  [405, 'rejected', 'the server refused the room'],
  [404, 'not-ready', 'no LiveKit server answers there; look at LIVEKIT_URL'],
  [403, 'auth', 'the key is not allowed to; look at LIVEKIT_API_KEY'],
  [402, 'quota', 'the server limits us'],
  [401, 'auth', 'the key was refused; look at LIVEKIT_API_KEY and LIVEKIT_API_SECRET'],
  [400, 'rejected', 'the server refused the room'],
];

/** The server SDK's errors carry the status; the native library's text has it as `401 Unauthorized`. */
function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('status' in error && typeof error.status === 'number') return error.status;
  const said = /\b([45]\d\d) [A-Z]/.exec(error.message)?.[1];
  return said === undefined ? undefined : Number(said);
}

function withoutTokens(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const clean = new Error(error.message.replace(/eyJ[\w-]+\.[\w-]+\.[\w-]*/g, '<token>'));
  clean.name = error.name;
  return clean;
}
