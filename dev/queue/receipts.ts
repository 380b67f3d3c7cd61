import type { QueueClock } from './clock.ts';
import { SqsRefusal, invalidParameter } from './refusal.ts';

/** One receive of one message. */
export interface Receipt {
  readonly handle: string;
  readonly messageId: string;
  readonly queueUrl: string;
  readonly receivedAt: number;
  /** When others may receive the message; by the queue's clock. */
  visibleAt: number;
  /** Whether its visibility was changed: then a receive cannot be repeated by its attempt id. */
  changed: boolean;
  state: 'live' | 'over' | 'deleted';
}

/** Every receipt the queue has given out, and what may still be done with it. */
export interface Receipts {
  add(receipt: Pick<Receipt, 'handle' | 'messageId' | 'queueUrl'>, visibilityMs: number): void;
  /** The receipt if it is live. */
  live(handle: string): Receipt | undefined;
  /** Ends receipts whose time is over and returns them; their messages are to be shown again. */
  lapse(): readonly Receipt[];
  /** When the next receipt lapses. */
  nextLapseAt(): number | undefined;
  /** Ends the receipt for a deletion; undefined if that was done before. Throws for a dead one. */
  takeForDeletion(handle: string): Receipt | undefined;
  /** Sets the visibility; a receipt set to 0 is over. Throws for a dead one, and over 12 hours. */
  change(handle: string, visibilityMs: number): Receipt;
}

/**
 * The rules for receipt handles of a FIFO queue: a handle is worth something only while the
 * visibility it stands for runs, and never longer than 12 hours after its receive.
 */
export function makeReceipts(clock: QueueClock): Receipts {
  const all = new Map<string, Receipt>();
  const live = new Map<string, Receipt>();

  function end(receipt: Receipt, state: 'over' | 'deleted'): void {
    receipt.state = state;
    live.delete(receipt.handle);
    if (all.size > KEPT) all.delete(all.keys().next().value ?? '');
  }
  function find(handle: string): Receipt {
    const receipt = all.get(handle);
    if (receipt !== undefined) return receipt;
    throw new SqsRefusal(
      'ReceiptHandleIsInvalid',
      `The input receipt handle "${handle}" is not a valid receipt handle.`,
    );
  }

  return {
    add(receipt, visibilityMs) {
      const receivedAt = clock.now();
      const added: Receipt = {
        ...receipt,
        receivedAt,
        visibleAt: receivedAt + visibilityMs,
        changed: false,
        state: 'live',
      };
      all.set(receipt.handle, added);
      live.set(receipt.handle, added);
    },
    live: (handle) => live.get(handle),
    lapse() {
      const lapsed = [...live.values()].filter(({ visibleAt }) => visibleAt <= clock.now());
      lapsed.forEach((receipt) => end(receipt, 'over'));
      return lapsed;
    },
    nextLapseAt() {
      if (live.size === 0) return undefined;
      return Math.min(...live.values().map(({ visibleAt }) => visibleAt));
    },
    takeForDeletion(handle) {
      const receipt = find(handle);
      if (receipt.state === 'deleted') return undefined;
      if (receipt.state === 'over') {
        throw invalidParameter('ReceiptHandle', handle, 'The receipt handle has expired.');
      }
      end(receipt, 'deleted');
      return receipt;
    },
    change(handle, visibilityMs) {
      const receipt = find(handle);
      if (receipt.state !== 'live') throw notInFlight(receipt, live);
      const visibleAt = clock.now() + visibilityMs;
      if (visibleAt - receipt.receivedAt > LONGEST_MS) {
        const reason =
          'Total VisibilityTimeout for the message is beyond the limit [43200 seconds].';
        throw invalidParameter('VisibilityTimeout', visibilityMs / 1000, reason);
      }
      receipt.visibleAt = visibleAt;
      receipt.changed = true;
      if (visibilityMs === 0) end(receipt, 'over');
      return receipt;
    },
  };
}

const LONGEST_MS = 12 * 3_600_000;
const KEPT = 20_000;

/** SQS says one thing while nobody holds the message, another when somebody else received it. */
function notInFlight(receipt: Receipt, live: ReadonlyMap<string, Receipt>): SqsRefusal {
  const heldByAnother = live.values().some(({ messageId }) => messageId === receipt.messageId);
  return heldByAnother
    ? invalidParameter('ReceiptHandle', receipt.handle, 'The receipt handle has expired.')
    : new SqsRefusal('MessageNotInflight', 'The specified message is not in flight.');
}
