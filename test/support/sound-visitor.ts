import type { Visitor } from './visitor.ts';

/** A human with a microphone and a loudspeaker. */
export interface SoundVisitor extends Visitor, VisitorSound {}

export interface VisitorSound {
  /** Publishes a microphone, which is silent but for what is played into it. */
  publishMicrophone(): Promise<VisitorMicrophone>;
  /** Subscribes the room's bots from now on. */
  turnLoudspeakerOn(): void;
  /** How much was heard so far of a tone in the bots' voices, in ms; tones are to differ by half. */
  heardMs(hz: number): number;
  /** Resolves when that is at least `ms`. */
  hears(hz: number, ms: number, limitMs?: number): Promise<void>;
}

export interface VisitorMicrophone {
  readonly trackId: string;
  /** Plays 16 kHz sound into it, at its own pace where time is real. */
  play(pcm: Int16Array): Promise<void>;
  mute(): void;
  unmute(): void;
  unpublish(): Promise<void>;
}
