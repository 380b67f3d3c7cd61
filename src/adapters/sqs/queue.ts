import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import type { BatchResultErrorEntry, SQSClient } from '@aws-sdk/client-sqs';
import { isTroupeError } from '../../errors.ts';
import type { Queue, VisibilityChange, VisibilityResult } from '../../ports/queue.ts';
import { callQueue } from './call.ts';
import { makeSqsClient } from './client.ts';
import type { SqsOptions } from './client.ts';
import { findDeadLetterUrl } from './dead-letter.ts';
import { readDelivery } from './delivery.ts';
import { isExpiredReceipt } from './errors.ts';

/** SQS takes ten entries in a batch. */
const BATCH = 10;
/** An attribute may be longer; a reason needs no more. */
const REASON_LENGTH = 256;
/** The reason counts towards the 256 KB that a message may have: a longer body is cut, in bytes. */
const LONGEST_DEAD_BODY = 255 * 1024;
/** What a long poll may take beyond its wait, in ms. */
const POLL_AIR_MS = 5_000;

/** An SQS FIFO queue as the fleet's {@link Queue}. */
export function makeSqsQueue(options: SqsOptions): Queue & Disposable {
  const client = makeSqsClient(options);
  const { queueUrl: QueueUrl } = options;
  let deadLetterUrl: Promise<string | undefined> | undefined;
  return {
    async receive(request, signal) {
      const command = new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 1,
        WaitTimeSeconds: Math.round(request.waitMs / 1000),
        VisibilityTimeout: Math.round(request.visibilityMs / 1000),
        ReceiveRequestAttemptId: request.attemptId,
        MessageSystemAttributeNames: ['ApproximateReceiveCount', 'SentTimestamp', 'MessageGroupId'],
      });
      const { Messages } = await callQueue(client, command, signal, request.waitMs + POLL_AIR_MS);
      return Messages?.[0] && readDelivery(Messages[0]);
    },
    async send(message, signal) {
      const command = new SendMessageCommand({
        QueueUrl,
        MessageBody: message.body,
        MessageGroupId: message.groupId,
        MessageDeduplicationId: message.deduplicationId,
      });
      const { MessageId = '' } = await callQueue(client, command, signal);
      return MessageId;
    },
    async changeVisibility(changes, signal) {
      const batches = Array.from({ length: Math.ceil(changes.length / BATCH) }, (_none, at) =>
        changes.slice(at * BATCH, (at + 1) * BATCH),
      );
      const results = await Promise.allSettled(
        batches.map((batch) => changeBatch(client, QueueUrl, batch, signal)),
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
      const command = new DeleteMessageCommand({ QueueUrl, ReceiptHandle: receiptHandle });
      try {
        await callQueue(client, command, signal);
        return 'deleted';
      } catch (error) {
        if (isTroupeError(error) && isExpiredReceipt(error.cause)) return 'expired';
        throw error;
      }
    },
    async deadLetter(delivery, reason, signal) {
      deadLetterUrl ??= findDeadLetterUrl(client, options).catch((error: unknown) => {
        deadLetterUrl = undefined;
        throw error;
      });
      const target = await deadLetterUrl;
      if (target === undefined) return false;
      const command = new SendMessageCommand({
        QueueUrl: target,
        MessageBody: Buffer.from(delivery.body).toString('utf8', 0, LONGEST_DEAD_BODY),
        MessageGroupId: delivery.groupId,
        MessageDeduplicationId: delivery.messageId,
        MessageAttributes: {
          reason: { DataType: 'String', StringValue: printable(reason.slice(0, REASON_LENGTH)) },
        },
      });
      await callQueue(client, command, signal);
      return true;
    },
    [Symbol.dispose]: () => client.destroy(),
  };
}

async function changeBatch(
  client: SQSClient,
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
  const { Failed = [] } = await callQueue(client, command, signal);
  const failed = new Map(Failed.map((entry) => [entry.Id, entry]));
  return changes.map((_change, at) => readResult(failed.get(String(at))));
}

function readResult(failed: BatchResultErrorEntry | undefined): VisibilityResult {
  if (failed === undefined) return 'changed';
  const { Code: name = '', Message: message = '' } = failed;
  return isExpiredReceipt({ name, message }) ? 'expired' : 'failed';
}

/** SQS refuses control characters in an attribute. */
function printable(text: string): string {
  return text.replaceAll(/\p{C}/gu, ' ') || 'unknown';
}
