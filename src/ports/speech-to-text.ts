import type { TroupeError } from '../errors.ts';
import type { Meter } from './meter.ts';

/** The sound that goes into a transcription: 16 kHz, mono, 16 bit. */
export const STT_SAMPLE_RATE = 16_000;

/** How one speaker is to be transcribed. */
export interface SttOptions {
  /** BCP 47, or `undefined` where the provider is to find out. */
  readonly language: string | undefined;
  /** Names that are likely to be said, as they are written. */
  readonly names?: readonly string[];
  /** Whether they speak, in what is pushed now; left out: all the time. */
  readonly isSpeaking?: () => boolean;
  /** Gets what it took, each provider by itself. */
  readonly meter?: Meter;
  /** Gets how many samples of silence the provider was given besides what was pushed: it bills them. */
  readonly padded?: (samples: number) => void;
}

/**
 * What a transcription stream tells. Audio times are ms of the sound pushed into this stream, from
 * its first sample on, however often its connection was made anew.
 */
export type SttEvent =
  /** The words so far of an utterance that may still change; replaces the interim before it. */
  | {
      readonly type: 'interim';
      readonly text: string;
      readonly audioFromMs: number;
      readonly audioToMs: number;
    }
  /** Words that stay; what is spoken next begins a new interim. */
  | {
      readonly type: 'final';
      readonly text: string;
      /** 0 to 1. */
      readonly confidence: number;
      /** As the provider heard or was told. */
      readonly language: string | undefined;
      readonly audioFromMs: number;
      readonly audioToMs: number;
    }
  /** The provider lives and has taken the sound up to here. */
  | { readonly type: 'acknowledged'; readonly audioToMs: number }
  /** All words of what was pushed before the last `flush` have come, or none will. */
  | { readonly type: 'flushed' }
  /** The last event, always: closed by us, or the failure that ended it. */
  | { readonly type: 'ended'; readonly error: TroupeError | undefined };

/** One speaker's transcription. */
export interface SttStream extends Disposable {
  /** Takes sound of any length; kept within a bound until the provider is connected. Never throws. */
  push(pcm: Int16Array): void;
  /** Nothing more will be said for now: asks for the finals of what was pushed. */
  flush(): void;
  /** Whether nothing of it would be lost if it were closed now. */
  isIdle(): boolean;
}

/**
 * A speech-to-text provider. `open` returns at once, connects on its own and tells everything through
 * `listen`, never within the call itself. Disposal closes the connection; `ended` still comes.
 */
export interface SpeechToText {
  /** As in logs and settings: `gladia`, `deepgram`. */
  readonly name: string;
  /** How long after the end of speech nearly all finals have come, in ms; may change with who serves. */
  readonly finalP99Ms: number;
  open(options: SttOptions, listen: (event: SttEvent) => void): SttStream;
}
