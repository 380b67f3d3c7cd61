import type { Message } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { TroupeError } from '../../errors.ts';
import type { Delivery } from '../../ports/queue.ts';

/**
 * A message as the fleet reads it.
 * @throws TroupeError `malformed` when it lacks what makes it a delivery of a FIFO queue.
 */
export function readDelivery(message: Message): Delivery {
  const { data } = wireMessage.safeParse(message);
  if (data === undefined) {
    throw new TroupeError('the queue sent a message without id, receipt or group: is it FIFO?', {
      kind: 'malformed',
      fault: 'fleet',
      service: 'queue',
    });
  }
  const { MessageId: messageId, ReceiptHandle: receiptHandle, Body: body, Attributes } = data;
  return {
    messageId,
    receiptHandle,
    body,
    groupId: Attributes.MessageGroupId,
    receiveCount: Attributes.ApproximateReceiveCount,
    sentAt: Attributes.SentTimestamp,
  };
}

/** The SDK passes on what the wire has, whatever its types say. */
const wireMessage = z.object({
  MessageId: z.string(),
  ReceiptHandle: z.string(),
  Body: z.string().default(''),
  Attributes: z.object({
    MessageGroupId: z.string().refine((group) => group !== ''),
    ApproximateReceiveCount: digits(1),
    SentTimestamp: digits(0),
  }),
});

function digits(fallback: number) {
  return z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number)
    .default(fallback);
}
