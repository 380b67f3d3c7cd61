import type { Meter } from './meter.ts';

/** The sound that comes out of a synthesis and goes into a room: 24 kHz, mono, 16 bit. */
export const TTS_SAMPLE_RATE = 24_000;

/** Who speaks. */
export interface SpeechRequest {
  /** The provider's id of the voice; `undefined`: the provider's default here. */
  readonly voice: string | undefined;
  /** BCP 47. */
  readonly language: string;
  /** Gets what it took, each attempt and provider by itself. */
  readonly meter?: Meter;
}

/** When one word (or run of characters) sounds, in ms from the first sample of the speech. */
export interface WordTime {
  readonly text: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** What a synthesis streams. Words may come before or after their sound. */
export type SpeechEvent =
  /** The listener's own array, of any length, faster than it is to be played. */
  | { readonly type: 'audio'; readonly pcm: Int16Array }
  | { readonly type: 'words'; readonly words: readonly WordTime[] };

/**
 * A text-to-speech provider. `speak` takes text as it is made, piece by piece, to be spoken as one
 * run: pieces are joined as they are, so they carry their own spaces. It pulls ahead of the sound, and
 * ends when all of it has come. Words' times go on over a pause of the text. It retries nothing;
 * aborting the signal, or returning early, ends the work at the provider.
 * @throws TroupeError of service `tts`, also for a text that came out without a sound.
 */
export interface TextToSpeech {
  /** As in logs and settings: `cartesia`, `elevenlabs`. */
  readonly name: string;
  speak(
    request: SpeechRequest,
    text: AsyncIterable<string>,
    signal: AbortSignal,
  ): AsyncIterable<SpeechEvent>;
  /** Somebody will want to speak soon: connects, if that is to do. Never rejects. */
  warmUp(): Promise<void>;
}
