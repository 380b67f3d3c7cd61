import { faultOfKind, kindOfStatus, TroupeError } from '../../errors.ts';
import type { ProviderErrorKind } from '../../errors.ts';

/** What ended a session: the SDK's last error, else the code that its socket was closed with. */
export function toTroupeError(error: unknown, code: number): TroupeError {
  const cause = error ?? new Error(`the socket was closed with ${code}`);
  if (error instanceof Error && error.name === 'TimeoutError') return makeError('timeout', cause);
  const status = statusOf(error);
  if (status !== undefined && status < 500) {
    return makeError(kindOfStatus(status), cause);
  }
  return makeError(BY_CLOSE_CODE[code] ?? 'unavailable', cause);
}

/** The error of one kind; what the provider said may quote speech and stays in `cause`. */
export function makeError(kind: ProviderErrorKind, cause?: unknown): TroupeError {
  return new TroupeError(WORDS[kind], { kind, fault: faultOfKind(kind), service: 'stt', cause });
}

const WORDS: Readonly<Record<ProviderErrorKind, string>> = {
  auth: 'Gladia refused the key: check GLADIA_STT_API_KEY',
  forbidden: 'Gladia forbids this',
  quota: 'Gladia’s limit of sessions or credit is used up',
  timeout: 'Gladia did not answer in time',
  unavailable: 'Gladia is not available',
  rejected: 'Gladia rejected the session: check the character’s language',
  malformed: 'Gladia sent what cannot be read',
};

/** Other codes are of a session that is over, and say nothing of the next one. */
const BY_CLOSE_CODE: Readonly<Record<number, ProviderErrorKind>> = {
  4_401: 'auth',
  4_429: 'quota',
};

/** The SDK's `HttpError` is not exported. */
function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('status' in error)) return undefined;
  return typeof error.status === 'number' ? error.status : undefined;
}
