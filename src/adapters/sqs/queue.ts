import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import type { BatchResultErrorEntry, Message } from '@aws-sdk/client-sqs';
import { TroupeError } from '../../errors.ts';
import type { Delivery, Queue, VisibilityChange, VisibilityResult } from '../../ports/queue.ts';
import { makeSqsClients } from './client.ts';
import type { SqsClients, SqsOptions } from './client.ts';
import { findDeadLetterUrl } from './dead-letter.ts';
import { isExpiredReceipt, toQueueError } from './errors.ts';

/** SQS takes ten entries in a batch. */
const BATCH = 10;
/** SQS takes 256 characters of an attribute comfortably; a reason needs no more. */
const REASON_LENGTH = 256;

/** An SQS FIFO queue as the fleet's {@link Queue}. */
export function makeSqsQueue(options: SqsOptions): Queue & Disposable {
  const clients = makeSqsClients(options);
  const { queueUrl: QueueUrl } = options;
  let deadLetterUrl: Promise<string | undefined> | undefined;
  const send: Queue['send'] = async (message, signal) =>
    await call(async () => {
      const command = new SendMessageCommand({
        QueueUrl,
        MessageBody: message.body,
        MessageGroupId: message.groupId,
        MessageDeduplicationId: message.deduplicationId,
      });
      const { MessageId = '' } = await clients.quick.send(command, abortable(signal));
      return MessageId;
    });
  return {
    send,
    async receive(request, signal) {
      const command = new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 1,
        WaitTimeSeconds: Math.round(request.waitMs / 1000),
        VisibilityTimeout: Math.round(request.visibilityMs / 1000),
        ReceiveRequestAttemptId: request.attemptId,
        MessageSystemAttributeNames: ['ApproximateReceiveCount', 'SentTimestamp', 'MessageGroupId'],
      });
      const { Messages } = await call(() => clients.poll.send(command, { abortSignal: signal }));
      return Messages?.[0] && readDelivery(Messages[0]);
    },
    async changeVisibility(changes, signal) {
      const batches = Array.from({ length: Math.ceil(changes.length / BATCH) }, (_none, at) =>
        changes.slice(at * BATCH, (at + 1) * BATCH),
      );
      const results = await Promise.allSettled(
        batches.map((batch) => changeBatch(clients, QueueUrl, batch, signal)),
      );
      const thrown = results.find((one) => one.status === 'rejected');
      // One lost batch must not take the good news of the others along.
      if (thrown !== undefined && results.every((one) => one.status === 'rejected'))
        throw thrown.reason;
      return results.flatMap((one, at): readonly VisibilityResult[] =>
        one.status === 'fulfilled' ? one.value : (batches[at] ?? []).map(() => 'failed' as const),
      );
    },
    async delete(receiptHandle, signal) {
      try {
        const command = new DeleteMessageCommand({ QueueUrl, ReceiptHandle: receiptHandle });
        await clients.quick.send(command, abortable(signal));
        return 'deleted';
      } catch (error) {
        if (error instanceof Error && isExpiredReceipt(error.name, error.message)) return 'expired';
        throw toQueueError(error);
      }
    },
    async deadLetter(delivery, reason, signal) {
      deadLetterUrl ??= call(() => findDeadLetterUrl(clients.quick, options));
      deadLetterUrl.catch(() => {
        deadLetterUrl = undefined;
      });
      const target = await deadLetterUrl;
      if (target === undefined) return false;
      const command = new SendMessageCommand({
        QueueUrl: target,
        MessageBody: delivery.body,
        MessageGroupId: delivery.groupId,
        MessageDeduplicationId: delivery.messageId,
        MessageAttributes: {
          reason: { DataType: 'String', StringValue: printable(reason).slice(0, REASON_LENGTH) },
        },
      });
      await call(() => clients.quick.send(command, abortable(signal)));
      return true;
    },
    [Symbol.dispose]: () => clients[Symbol.dispose](),
  };
}

async function changeBatch(
  clients: SqsClients,
  QueueUrl: string,
  changes: readonly VisibilityChange[],
  signal: AbortSignal | undefined,
): Promise<readonly VisibilityResult[]> {
  const command = new ChangeMessageVisibilityBatchCommand({
    QueueUrl,
    Entries: changes.map(({ receiptHandle, visibilityMs }, at) => ({
      Id: String(at),
      ReceiptHandle: receiptHandle,
      VisibilityTimeout: Math.round(visibilityMs / 1000),
    })),
  });
  const { Failed = [] } = await call(() => clients.quick.send(command, abortable(signal)));
  const failed = new Map(Failed.map((entry) => [entry.Id, entry]));
  return changes.map((_change, at) => readResult(failed.get(String(at))));
}

function readResult(failed: BatchResultErrorEntry | undefined): VisibilityResult {
  if (failed === undefined) return 'changed';
  return isExpiredReceipt(failed.Code ?? '', failed.Message) ? 'expired' : 'failed';
}

function readDelivery(message: Message): Delivery {
  const { MessageId, ReceiptHandle, Body, Attributes = {} } = message;
  if (MessageId === undefined || ReceiptHandle === undefined) {
    throw new TroupeError('the queue sent a message without id or receipt', {
      kind: 'malformed',
      fault: 'fleet',
      service: 'queue',
    });
  }
  return {
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body ?? '',
    groupId: Attributes.MessageGroupId ?? '',
    receiveCount: Number(Attributes.ApproximateReceiveCount ?? 1),
    sentAt: Number(Attributes.SentTimestamp ?? 0),
  };
}

/** SQS refuses control characters in an attribute. */
function printable(text: string): string {
  return text.replaceAll(/\p{C}/gu, ' ') || 'unknown';
}

function abortable(abortSignal: AbortSignal | undefined): { abortSignal?: AbortSignal } {
  return abortSignal === undefined ? {} : { abortSignal };
}

async function call<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof TroupeError ? error : toQueueError(error);
  }
}
