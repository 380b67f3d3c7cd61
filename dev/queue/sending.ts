import { readAttributes } from './attributes.ts';
import type { QueueClock } from './clock.ts';
import { deduplicationIdOf, makeDeduplication } from './deduplication.ts';
import type { Engine, Fields } from './engine.ts';
import { checkId } from './ids.ts';

/** What the strict layer knows about a message and the engine does not. */
export interface Sent {
  readonly deduplicationId: string;
  /** How far the queue's clock ran ahead when it was sent, in ms. */
  readonly ahead: number;
}

/** Takes messages in as a FIFO queue of AWS does. */
export interface Sending {
  send(message: Fields): Promise<Fields>;
  /** By message id, until it is forgotten. */
  readonly sent: ReadonlyMap<string, Sent>;
  forget(messageId: string): void;
}

/** The sending half of the strict layer: id alphabets and the deduplication window. */
export function makeSending(engine: Engine, clock: QueueClock): Sending {
  const deduplication = makeDeduplication(clock);
  const sent = new Map<string, Sent>();
  return {
    sent,
    forget: (messageId) => void sent.delete(messageId),
    async send(message) {
      checkId('MessageGroupId', message['MessageGroupId']);
      checkId('MessageDeduplicationId', message['MessageDeduplicationId']);
      const deduplicationId = deduplicationIdOf(message);
      const standIn = deduplication.standIn(await scopeOf(engine, message), deduplicationId);
      const answer = await engine.call('SendMessage', {
        ...message,
        MessageDeduplicationId: standIn,
      });
      const messageId = String(answer['MessageId']);
      if (!sent.has(messageId)) sent.set(messageId, { deduplicationId, ahead: clock.ahead() });
      return answer;
    },
  };
}

/** High-throughput queues look for repetitions only within a message's group. */
async function scopeOf(engine: Engine, message: Fields): Promise<string> {
  const { QueueUrl, MessageGroupId } = message;
  const { DeduplicationScope } = await readAttributes(engine, message, ['DeduplicationScope']);
  const queue = String(QueueUrl);
  return DeduplicationScope === 'messageGroup' ? `${queue} ${String(MessageGroupId)}` : queue;
}
