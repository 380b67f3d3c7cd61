import type { Person } from '../conversation/events.ts';

/** Sound as a room gives it to us: 16 kHz, mono, 16 bit, in frames of this length. */
export const MICROPHONE_SAMPLE_RATE = 16_000;
export const MICROPHONE_FRAME_MS = 32;

/** One human's microphone, as published. */
export interface Microphone {
  /** The track's id; a republished microphone is another one. */
  readonly trackId: string;
  readonly person: Person;
  readonly muted: boolean;
}

/** Takes what one microphone gives. Nothing comes after `closed`. */
export interface MicrophoneListener {
  /** A frame; the array is the listener's own. A muted microphone may go on giving zeros. */
  frame(pcm: Int16Array): void;
  muted(): void;
  unmuted(): void;
  /** Unpublished, its owner gone, our path cut or our listening ended. */
  closed(): void;
}

/** What a room gives to ears and takes from a voice. */
export interface RoomSound {
  /**
   * Subscribes every human's microphone, those there now and those to come, and no bot's. `open` is
   * called for each, again for one that was republished or came back with our path; it must not throw.
   * Disposal closes all, and nothing more is sent to us.
   */
  hear(open: (microphone: Microphone) => MicrophoneListener): Disposable;
  /**
   * Publishes the bot's voice: one track of source microphone. Silence costs no work of ours.
   * @throws TroupeError of service `livekit`.
   */
  openVoice(): Promise<VoiceTrack>;
  /** Shows what somebody is saying or said; the last one of a segment wins. Never waits or throws. */
  showTranscript(transcript: Transcript): void;
}

/** The bot's voice in the room: 24 kHz, mono, 16 bit. */
export interface VoiceTrack extends AsyncDisposable {
  readonly trackId: string;
  /**
   * Plays after what was pushed before, in frames of 10 to 60 ms. Resolves when the queue has room for
   * more (it holds 200 ms at most); one push at a time. What is pushed while our path is cut is lost.
   * @throws TroupeError of service `livekit` once the voice is closed.
   */
  push(pcm: Int16Array): Promise<void>;
  /** Ms of sound that were pushed and not played yet. */
  queuedMs(): number;
  /** Drops what is queued, at once. */
  clear(): void;
  /**
   * Resolves when somebody hears the track, or after `limitMs`. Nobody is waited for twice in vain: then
   * it resolves at once, until the voice is published anew, as another track.
   */
  untilHeard(limitMs: number, signal: AbortSignal): Promise<void>;
}

/** What a person is saying: each replaces the earlier one of its segment as a whole. */
export interface Transcript {
  readonly segmentId: string;
  /** Identity of the speaker. */
  readonly speaker: string;
  /** The speaker's microphone. */
  readonly trackId: string;
  readonly text: string;
  readonly final: boolean;
}
