import type { Message } from '@aws-sdk/client-sqs';
import { TroupeError } from '../../errors.ts';
import type { Delivery } from '../../ports/queue.ts';

/**
 * A message as the fleet reads it.
 * @throws TroupeError `malformed` when it lacks what makes it a delivery of a FIFO queue.
 */
export function readDelivery(message: Message): Delivery {
  const { MessageId: messageId, ReceiptHandle: receiptHandle, Body: body = '' } = message;
  const {
    MessageGroupId: groupId,
    ApproximateReceiveCount,
    SentTimestamp,
  } = message.Attributes ?? {};
  if (messageId === undefined || receiptHandle === undefined || groupId === undefined) {
    throw new TroupeError('the queue sent a message without id, receipt or group: is it FIFO?', {
      kind: 'malformed',
      fault: 'fleet',
      service: 'queue',
    });
  }
  return {
    messageId,
    receiptHandle,
    body,
    groupId,
    receiveCount: Number(ApproximateReceiveCount ?? 1),
    sentAt: Number(SentTimestamp ?? 0),
  };
}
