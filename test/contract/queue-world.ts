import { randomUUID } from 'node:crypto';
import type { Delivery, OutgoingMessage, Queue } from '../../src/ports/queue.ts';

/** Visibility in these tests, in ms; not what the queue itself is set to. */
export const V = 30_000;

/** An empty queue whose clock can be moved. */
export interface QueueWorld {
  readonly queue: Queue;
  pass(ms: number): Promise<void>;
  /** What was put into the dead-letter queue so far. */
  deadLetters(): Promise<readonly { readonly body: string; readonly reason: string }[]>;
  /** The next receive that gets a message assigns it, but its answer never arrives. */
  loseNextReceive(): void;
  /** The first entry of the next batch of beats fails, through no fault of its own. */
  failNextBeat(): void;
  /** The next call of any kind fails: a refused key, too many calls, an outage. */
  failNext(how: 'auth' | 'quota' | 'unavailable'): void;
}

/** A message that was never sent before. */
export function message(groupId: string, changes: Partial<OutgoingMessage> = {}): OutgoingMessage {
  return { body: `to ${groupId}`, groupId, deduplicationId: randomUUID(), ...changes };
}

/** Receives what is there now. */
export function receive(
  { queue }: QueueWorld,
  attemptId: string = randomUUID(),
): Promise<Delivery | undefined> {
  const request = { waitMs: 0, visibilityMs: V, attemptId };
  return queue.receive(request, new AbortController().signal);
}

/** Receives a message that must be there. */
export async function receiveOne(world: QueueWorld): Promise<Delivery> {
  const delivery = await receive(world);
  if (delivery === undefined) throw new Error('there is nothing to receive');
  return delivery;
}

/** Changes the visibility of one message. */
export async function change(
  { queue }: QueueWorld,
  { receiptHandle }: Delivery,
  visibilityMs = V,
): Promise<string | undefined> {
  const [result] = await queue.changeVisibility([{ receiptHandle, visibilityMs }]);
  return result;
}
