import { createHash, randomUUID } from 'node:crypto';
import type { QueueClock } from './clock.ts';
import type { Fields } from './engine.ts';

/** Which messages a FIFO queue takes for repeated, by its own clock. */
export interface Deduplication {
  /**
   * The id to give the engine instead of the message's own: within five minutes of a message's
   * first send its repetitions get the same one, later they count as new. The scope is a queue, or
   * one group of it (DeduplicationScope).
   */
  standIn(scope: string, deduplicationId: string): string;
}

/** The deduplication window of five minutes, which outlives the message itself. */
export function makeDeduplication(clock: QueueClock): Deduplication {
  const windows = new Map<string, { readonly standIn: string; readonly endsAt: number }>();

  function forgetPast(): void {
    for (const [key, { endsAt }] of windows) {
      if (endsAt > clock.now()) return;
      windows.delete(key);
    }
  }

  return {
    standIn(scope, deduplicationId) {
      forgetPast();
      const key = `${scope} ${deduplicationId}`;
      const known = windows.get(key);
      if (known !== undefined) return known.standIn;
      const standIn = randomUUID();
      windows.set(key, { standIn, endsAt: clock.now() + WINDOW_MS });
      return standIn;
    },
  };
}

/** The message's own id, or the digest of its body (ContentBasedDeduplication). */
export function deduplicationIdOf(message: Fields): string {
  const { MessageDeduplicationId: id, MessageBody: body } = message;
  if (typeof id === 'string') return id;
  return createHash('sha256')
    .update(typeof body === 'string' ? body : '')
    .digest('hex');
}

const WINDOW_MS = 5 * 60_000;
