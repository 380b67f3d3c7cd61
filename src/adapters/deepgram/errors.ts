import { faultOfKind, kindOfStatus, TroupeError } from '../../errors.ts';
import type { ProviderErrorKind } from '../../errors.ts';
import { handshakeStatus } from '../../lib/handshake-status.ts';

/** What ended a connection: the SDK's last error, else the code that its socket was closed with. */
export function toTroupeError(error: unknown, code: number): TroupeError {
  const cause = error ?? new Error(`the socket was closed with ${code}`);
  const status = handshakeStatus(error);
  if (status !== undefined) return makeError(kindOfStatus(status), cause);
  return makeError(code === POLICY ? 'rejected' : 'unavailable', cause);
}

/** The error of one kind; what the provider said may quote speech and stays in `cause`. */
export function makeError(kind: ProviderErrorKind, cause?: unknown): TroupeError {
  return new TroupeError(WORDS[kind], { kind, fault: faultOfKind(kind), service: 'stt', cause });
}

const WORDS: Readonly<Record<ProviderErrorKind, string>> = {
  auth: 'Deepgram refused the key: check DEEPGRAM_API_KEY',
  forbidden: 'Deepgram forbids this model to the key',
  quota: 'Deepgram’s limit of streams or credit is used up',
  timeout: 'Deepgram did not answer in time',
  unavailable: 'Deepgram is not available',
  rejected: 'Deepgram rejected the stream: check the model and the character’s language',
  malformed: 'Deepgram sent what cannot be read',
};

/** Deepgram closes with it what it cannot decode: the same would happen again. */
const POLICY = 1_008;
