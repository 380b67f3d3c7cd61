import type { CancelReason } from '../conversation/commands.ts';
import type { ReplyId, SpokenTurn, Turn } from '../conversation/events.ts';

/** How a mode hears: what it hears comes through the same `post`. */
export interface Hearing {
  /** Posts `silence-reached` once this speaker has been silent for so long since speech stopped. */
  watchSilence(identity: string, watchId: number, silenceMs: number): void;
  /** Shows what a speaker is saying; of one turn the last one counts. */
  showTranscript(transcript: SpokenTurn): void;
}

/** One way of talking: what it hears with and what it answers with. */
export type Mode = Mouth & Hearing;

/** How a mode answers. Events of a reply come through the `post` given to `openMode`. */
export interface Mouth extends AsyncDisposable {
  /** Begins the reply to what the memory holds; returns at once, never throws. */
  startReply(replyId: ReplyId): void;
  /** Begins a reply of these words. */
  startLine(replyId: ReplyId, text: string): void;
  /** Begins the reply to a turn that is still to come; held until it is released. */
  draftReply(replyId: ReplyId, turn: Turn): void;
  releaseReply(replyId: ReplyId): void;
  /**
   * Stops the reply. Synchronous: `reply-ended` is posted before it returns, and nothing of that
   * reply reaches the room afterwards. An unknown or ended id changes nothing.
   */
  cancelReply(replyId: ReplyId, reason: CancelReason): void;
  /** Falls silent at once, or before the first sound, and can go on where it was. */
  holdReply(replyId: ReplyId): void;
  resumeReply(replyId: ReplyId): void;
  /** Writes a line into the room, in every mode. */
  note(text: string): void;
}
