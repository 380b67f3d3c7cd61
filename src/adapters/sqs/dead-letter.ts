import { GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { readAttributes } from './attributes.ts';
import { callQueue } from './call.ts';
import type { SqsOptions } from './client.ts';

/**
 * The configured dead-letter queue, else the redrive policy's target, else `undefined`.
 * @throws TroupeError of service `queue`.
 */
export async function findDeadLetterUrl(
  client: SQSClient,
  { deadLetterUrl, queueUrl }: SqsOptions,
): Promise<string | undefined> {
  if (deadLetterUrl !== undefined) return deadLetterUrl;
  const { redrive } = await readAttributes(client, queueUrl);
  return redrive && (await findUrl(client, redrive.targetArn));
}

/**
 * The URL of the queue with this ARN.
 * @throws TroupeError of service `queue`; the signal's reason when that aborts first.
 */
export async function findUrl(
  client: SQSClient,
  arn: string,
  signal?: AbortSignal,
): Promise<string> {
  const [account, name] = arn.split(':').slice(-2);
  const command = new GetQueueUrlCommand({ QueueName: name, QueueOwnerAWSAccountId: account });
  const { QueueUrl = '' } = await callQueue(client, command, signal);
  return QueueUrl;
}
