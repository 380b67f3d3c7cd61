import { DeepgramClient } from '@deepgram/sdk';
import type { Clock } from '../../lib/clock.ts';
import type { SpeechToText } from '../../ports/speech-to-text.ts';
import { openStream } from './stream.ts';

/** Where Deepgram is and who we are there. */
export interface DeepgramOptions {
  readonly apiKey: string;
  /** `https://api.deepgram.com`. */
  readonly baseUrl: string;
  readonly clock: Clock;
  /** Default: `nova-3`. */
  readonly model?: string;
}

/** Transcribes by Deepgram's live API, version 1: one stream a speaker, over broken connections. */
export function makeDeepgram({
  apiKey,
  baseUrl,
  clock,
  model = 'nova-3',
}: DeepgramOptions): SpeechToText {
  const client = new DeepgramClient({ apiKey, baseUrl });
  const deps = { client, clock, model, random: Math.random };
  return {
    name: 'deepgram',
    finalP99Ms: 350,
    open: (options, listen) => openStream(deps, options, listen),
  };
}
