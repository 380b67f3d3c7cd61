/** A message as received: the activation's text and the receipt that keeps it in flight. */
export interface Delivery {
  readonly messageId: string;
  /** Proof of this receive; a later receive of the same message makes it worthless. */
  readonly receiptHandle: string;
  readonly body: string;
  /** The group it stands in; while it is in flight nothing else of that group is delivered. */
  readonly groupId: string;
  /** How often the message was received, this time included. */
  readonly receiveCount: number;
  /** When the producer sent it, in ms since 1970 by the queue's clock. */
  readonly sentAt: number;
}

/** One receive: at most one message, so that a batch never holds a second room of the same group. */
export interface ReceiveRequest {
  /** How long the queue may wait for a message, in ms (0 to 20,000, whole seconds on the wire). */
  readonly waitMs: number;
  /** How long the message stays hidden from others unless a beat extends it, in ms. */
  readonly visibilityMs: number;
  /** The same id after a lost answer returns the same message (SQS ReceiveRequestAttemptId). */
  readonly attemptId: string;
}

/** One message's beat. */
export interface VisibilityChange {
  readonly receiptHandle: string;
  /** From now, in ms; 0 hands the message back. */
  readonly visibilityMs: number;
}

/** What became of one beat: `expired` means the receipt is worthless now, `failed` may be retried. */
export type VisibilityResult = 'changed' | 'expired' | 'failed';

/** A message to send. */
export interface OutgoingMessage {
  readonly body: string;
  readonly groupId: string;
  readonly deduplicationId: string;
}

/**
 * An SQS FIFO queue as the fleet needs it. Every call has its own timeout and throws TroupeError
 * (`auth`, `quota`, `unavailable`, `timeout`, `rejected`) of service `queue`, or the signal's reason
 * when that aborts first.
 */
export interface Queue {
  receive(request: ReceiveRequest, signal: AbortSignal): Promise<Delivery | undefined>;
  /** Any number of beats, batched by ten; results in the order of `changes`. */
  changeVisibility(
    changes: readonly VisibilityChange[],
    signal?: AbortSignal,
  ): Promise<readonly VisibilityResult[]>;
  delete(receiptHandle: string, signal?: AbortSignal): Promise<'deleted' | 'expired'>;
  /** Returns the message id. */
  send(message: OutgoingMessage, signal?: AbortSignal): Promise<string>;
  /** Puts a copy in the dead-letter queue with the reason as an attribute; false if there is none. */
  deadLetter(delivery: Delivery, reason: string, signal?: AbortSignal): Promise<boolean>;
}
