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
  // On a server that creates no rooms by itself.
  if (error instanceof Error && /room does not exist/.test(error.message)) return REFUSED;
  if (status >= 400 && status < 500) return BY_STATUS.get(status) ?? REFUSED;
  return ['unavailable', `the server answered ${status}`];
}

const REFUSED = ['rejected', 'the server refused the room'] as const;

const BY_STATUS: ReadonlyMap<number, readonly [ErrorKind, string]> = new Map([
  [401, ['auth', 'the key was refused; look at LIVEKIT_API_KEY and LIVEKIT_API_SECRET']],
  [402, ['quota', 'the server limits us']],
  [403, ['auth', 'the key is not allowed to; look at LIVEKIT_API_KEY']],
  [404, ['not-ready', 'no LiveKit server answers there; look at LIVEKIT_URL']],
  [429, ['quota', 'the server limits us']],
]);

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
