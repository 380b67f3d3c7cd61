import type { QueueClock } from './clock.ts';
import type { Fields } from './engine.ts';
import type { Receipts } from './receipts.ts';

/** Messages as ReceiveMessage answers them. */
export type Messages = readonly Fields[];

/** Receives that may be repeated because their answer was lost. */
export interface Attempts {
  /** The same messages again, hidden for their full time again; undefined if that is not possible. */
  repeat(key: string, visibilityMs: number): Messages | undefined;
  keep(key: string, messages: Messages): void;
}

/**
 * ReceiveRequestAttemptId (ReceiveMessage, API reference): within five minutes the same id returns
 * the same messages and handles, unless one was deleted, changed or has lapsed.
 */
export function makeAttempts(clock: QueueClock, receipts: Receipts): Attempts {
  const kept = new Map<string, { readonly messages: Messages; readonly endsAt: number }>();
  return {
    repeat(key, visibilityMs) {
      const attempt = kept.get(key);
      if (attempt === undefined || attempt.endsAt <= clock.now()) return undefined;
      const held = attempt.messages.map((one) => receipts.live(String(one['ReceiptHandle'])));
      if (held.some((receipt) => receipt === undefined || receipt.changed)) return undefined;
      for (const receipt of held) {
        if (receipt !== undefined) receipt.visibleAt = clock.now() + visibilityMs;
      }
      return attempt.messages;
    },
    keep(key, messages) {
      for (const [old, { endsAt }] of kept) if (endsAt <= clock.now()) kept.delete(old);
      kept.set(key, { messages, endsAt: clock.now() + WINDOW_MS });
    },
  };
}

const WINDOW_MS = 5 * 60_000;
