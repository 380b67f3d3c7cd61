import type { ErrorKind } from '../errors.ts';

/**
 * What one call of a provider took. A completion and a speech are told once, when they are over; a
 * transcription, which goes on for as long as somebody is listened to, also every minute of sound
 * (`ongoing`), each time what came since, from `startedAt` on.
 */
export interface ProviderCall {
  readonly kind: 'llm' | 'stt' | 'tts';
  /** The vendor, as in settings: `openrouter`, `gladia`; `openai-2` is a second model at the same one. */
  readonly provider: string;
  /** `cancelled`: by us, as nobody wants the rest. */
  readonly outcome: 'done' | 'cancelled' | 'failed' | 'ongoing';
  readonly errorKind?: ErrorKind;
  readonly model?: string;
  readonly voice?: string;
  readonly promptTokens?: number;
  readonly completionTokens?: number;
  /** The provider did not tell the tokens, as of a cut answer: they are estimated from the text. */
  readonly estimated?: boolean;
  /** In US dollars, where the provider says so. */
  readonly cost?: number;
  /** Characters given to be spoken. */
  readonly characters?: number;
  /** Sound given to be transcribed, or made. */
  readonly audioMs?: number;
  /** In ms since 1970. */
  readonly startedAt: number;
  /** From the start to the first token or sound, of a transcription to the first sign of life. */
  readonly firstMs?: number;
  readonly tookMs: number;
}

/** Gets what calls took, for the books of whoever asked; never throws, never waits. */
export type Meter = (call: ProviderCall) => void;
