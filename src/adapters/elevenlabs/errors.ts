import { faultOfKind, kindOfStatus, TroupeError } from '../../errors.ts';
import type { ProviderErrorKind } from '../../errors.ts';
import { handshakeStatus } from '../../lib/handshake-status.ts';

/** What a handshake or an open socket failed with. */
export function toSocketError(cause: Error): TroupeError {
  const status = handshakeStatus(cause);
  if (status !== undefined) return makeError(kindOfStatus(status), cause);
  return makeError(/timed out/.test(cause.message) ? 'timeout' : 'unavailable', cause);
}

/** What the provider said before it closes the socket: its own word for it, or only the reason. */
export function toSaidError(said: string, cause: unknown): TroupeError {
  return makeError(BY_WORD.find(([word]) => word.test(said))?.[1] ?? 'unavailable', cause);
}

/** The error of one kind; what the provider said may quote the text and stays in `cause`. */
export function makeError(kind: ProviderErrorKind, cause?: unknown): TroupeError {
  return new TroupeError(WORDS[kind], { kind, fault: faultOfKind(kind), service: 'tts', cause });
}

const WORDS: Readonly<Record<ProviderErrorKind, string>> = {
  auth: 'ElevenLabs refused the key: check ELEVENLABS_API_KEY',
  forbidden: 'ElevenLabs forbids this voice, text or use',
  quota: 'ElevenLabs’ rate limit or credit is used up',
  timeout: 'ElevenLabs did not answer in time',
  unavailable: 'ElevenLabs is not available',
  rejected: 'ElevenLabs rejected the request: check the character’s voice and language',
  malformed: 'ElevenLabs sent what cannot be read',
};

/** Nearly everything is a close with 1008; only the word beside it tells what it is. */
const BY_WORD: readonly (readonly [RegExp, ProviderErrorKind])[] = [
  [/api.?key|unauthor|authenti/i, 'auth'],
  [/quota|credit|max_active|too_many|maximum|concurrent|rate.?limit/i, 'quota'],
  [/unusual|moderation|blocked|forbidden/i, 'forbidden'],
  [/invalid|not.?found|unsupported|voice_settings|model/i, 'rejected'],
];
