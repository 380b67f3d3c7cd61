import { GetQueueAttributesCommand, GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { SqsOptions } from './client.ts';

/** The configured dead-letter queue, else the redrive policy's target, else `undefined`. */
export async function findDeadLetterUrl(
  client: SQSClient,
  options: SqsOptions,
): Promise<string | undefined> {
  if (options.deadLetterUrl !== undefined) return options.deadLetterUrl;
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({
      QueueUrl: options.queueUrl,
      AttributeNames: ['RedrivePolicy'],
    }),
  );
  const arn = readTarget(Attributes?.['RedrivePolicy']);
  if (arn === undefined) return undefined;
  const [account, name] = arn.split(':').slice(-2);
  const { QueueUrl } = await client.send(
    new GetQueueUrlCommand({ QueueName: name, QueueOwnerAWSAccountId: account }),
  );
  return QueueUrl;
}

function readTarget(policy: string | undefined): string | undefined {
  if (policy === undefined) return undefined;
  const { deadLetterTargetArn } = JSON.parse(policy) as { deadLetterTargetArn?: string };
  return deadLetterTargetArn;
}
