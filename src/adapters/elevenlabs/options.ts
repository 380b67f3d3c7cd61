import type { Clock } from '../../lib/clock.ts';

/** Where ElevenLabs is and with which key. */
export interface ElevenLabsOptions {
  readonly apiKey: string;
  /** `wss://api.elevenlabs.io`. */
  readonly baseUrl: string;
  readonly clock: Clock;
}
