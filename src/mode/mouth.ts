import type { CancelReason } from '../conversation/commands.ts';
import type { ReplyId, TurnId } from '../conversation/events.ts';

/** How a mode answers. Events of a reply come through the `post` given to `openMode`. */
export interface Mouth extends AsyncDisposable {
  /** Begins the reply to these committed turns; returns at once, never throws. */
  startReply(replyId: ReplyId, answers: readonly TurnId[]): void;
  /**
   * Stops the reply. Synchronous: `reply-ended` is posted before it returns, and nothing of that
   * reply reaches the room afterwards. An unknown or ended id changes nothing.
   */
  cancelReply(replyId: ReplyId, reason: CancelReason): void;
  /** Says a fixed line in the bot's voice or hand; it is not part of a reply. */
  say(text: string): void;
}
