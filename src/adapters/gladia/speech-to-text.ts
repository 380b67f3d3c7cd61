import { GladiaClient } from '@gladiaio/sdk';
import type { Clock } from '../../lib/clock.ts';
import type { SpeechToText } from '../../ports/speech-to-text.ts';
import { openStream } from './stream.ts';

/** Where Gladia is and who we are there. */
export interface GladiaOptions {
  /** Of GLADIA_STT_API_KEY: the SDK would read another variable. */
  readonly apiKey: string;
  /** `https://api.gladia.io`. */
  readonly baseUrl: string;
  readonly clock: Clock;
}

/**
 * Transcribes by Gladia's live API, version 2: one session a stream, which outlives a broken
 * connection. Its SDK retries nothing before the session is there, since who waits for it has a
 * second provider, and comes back a bounded number of times, since it would do so without a pause.
 */
export function makeGladia({ apiKey, baseUrl, clock }: GladiaOptions): SpeechToText {
  const client = new GladiaClient({
    apiKey,
    apiUrl: baseUrl,
    httpTimeout: CONNECT_LIMIT_MS,
    httpRetry: { maxAttempts: 1 },
    wsTimeout: CONNECT_LIMIT_MS,
    wsRetry: { maxConnections: CONNECTIONS, maxAttemptsPerConnection: 3 },
  }).liveV2();
  return {
    name: 'gladia',
    finalP99Ms: 1_500,
    open: (options, listen) => openStream({ client, clock }, options, listen),
  };
}

const CONNECT_LIMIT_MS = 5_000;
/** How often one session may connect in its life. */
const CONNECTIONS = 5;
