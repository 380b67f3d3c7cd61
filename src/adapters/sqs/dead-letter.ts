import { GetQueueAttributesCommand, GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { callQueue } from './call.ts';
import type { SqsOptions } from './client.ts';

/**
 * The configured dead-letter queue, else the redrive policy's target, else `undefined`.
 * @throws TroupeError of service `queue`.
 */
export async function findDeadLetterUrl(
  client: SQSClient,
  options: SqsOptions,
): Promise<string | undefined> {
  if (options.deadLetterUrl !== undefined) return options.deadLetterUrl;
  const readPolicy = new GetQueueAttributesCommand({
    QueueUrl: options.queueUrl,
    AttributeNames: ['RedrivePolicy'],
  });
  const { Attributes } = await callQueue((abortable) => client.send(readPolicy, abortable));
  const arn = readTarget(Attributes?.['RedrivePolicy']);
  if (arn === undefined) return undefined;
  const [account, name] = arn.split(':').slice(-2);
  const findUrl = new GetQueueUrlCommand({ QueueName: name, QueueOwnerAWSAccountId: account });
  const { QueueUrl } = await callQueue((abortable) => client.send(findUrl, abortable));
  return QueueUrl;
}

function readTarget(policy: string | undefined): string | undefined {
  if (policy === undefined) return undefined;
  const { deadLetterTargetArn } = JSON.parse(policy) as { deadLetterTargetArn?: string };
  return deadLetterTargetArn;
}
