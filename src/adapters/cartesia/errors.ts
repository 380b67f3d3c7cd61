import { faultOfKind, kindOfStatus, TroupeError } from '../../errors.ts';
import type { ProviderErrorKind } from '../../errors.ts';

/** What a socket or its handshake failed with. */
export function toConnectionError(cause: unknown): TroupeError {
  const message = messageOf(cause);
  const status = /Unexpected server response: (\d{3})/.exec(message)?.[1];
  if (status !== undefined) return toStatusError(Number(status), cause);
  return makeError(/timed out/.test(message) ? 'timeout' : 'unavailable', cause);
}

/** What the provider answered with an HTTP status, in a handshake or in an event. */
export function toStatusError(status: number, cause: unknown): TroupeError {
  return makeError(status >= 400 ? kindOfStatus(status) : 'unavailable', cause);
}

/** The error of one kind; what the provider said may quote the text and stays in `cause`. */
export function makeError(kind: ProviderErrorKind, cause?: unknown): TroupeError {
  return new TroupeError(WORDS[kind], { kind, fault: faultOfKind(kind), service: 'tts', cause });
}

const WORDS: Readonly<Record<ProviderErrorKind, string>> = {
  auth: 'Cartesia refused the key: check CARTESIA_TTS_API_KEY',
  forbidden: 'Cartesia forbids this voice or text',
  quota: 'Cartesia’s rate limit or credit is used up',
  timeout: 'Cartesia did not answer in time',
  unavailable: 'Cartesia is not available',
  rejected: 'Cartesia rejected the request: check the character’s voice and language',
  malformed: 'Cartesia sent what cannot be read',
};

/** The SDK rejects with the socket's error event, which is no `Error`. */
function messageOf(cause: unknown): string {
  return cause !== null && typeof cause === 'object' && 'message' in cause
    ? String(cause.message)
    : '';
}
