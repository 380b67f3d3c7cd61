import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Finding } from '../../ports/check.ts';
import { lookAt, readAttributes } from './attributes.ts';
import type { QueueAttributes } from './attributes.ts';
import { makeSqsClient } from './client.ts';
import type { SqsOptions } from './client.ts';
import { findUrl } from './dead-letter.ts';
import { judgeDeadLetters } from './dead-letter-rules.ts';
import type { DeadLetterQueue } from './dead-letter-rules.ts';
import { judgeQueue } from './queue-rules.ts';

/**
 * Reads the attributes of the queue and of its dead-letter queues, and says what is wrong with them,
 * why it matters and how to mend it; empty when all is well.
 * @throws TroupeError of service `queue`.
 */
export async function checkQueue(
  options: SqsOptions,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const client = makeSqsClient(options);
  try {
    const queue = await lookAt(readAttributes(client, options.queueUrl, signal));
    if (queue === 'missing') return [MISSING];
    if (queue === 'forbidden') return [forbidden(options)];
    const findings = judgeQueue(options, queue);
    if (!queue.isFifo) return findings;
    const deadLetters = await findDeadLetters(client, options, queue, signal);
    return [...findings, ...judgeDeadLetters(options, queue, deadLetters)];
  } finally {
    client.destroy();
  }
}

const MISSING: Finding = {
  severity: 'error',
  what: 'the queue does not exist: check SQS_QUEUE_URL and AWS_REGION',
};

function forbidden({ deadLetterUrl }: SqsOptions): Finding {
  return {
    severity: 'warning',
    what: 'its attributes cannot be read: this role lacks sqs:GetQueueAttributes (docs/protocol.md)',
    why:
      deadLetterUrl === undefined
        ? 'nothing of the queue was checked, and workers find no dead-letter queue: grant it, or set SQS_DLQ_URL'
        : 'nothing of the queue was checked',
  };
}

/** All that are named, by the environment and by the redrive policy; one that both name comes once. */
async function findDeadLetters(
  client: SQSClient,
  { deadLetterUrl }: SqsOptions,
  { redrive }: QueueAttributes,
  signal: AbortSignal,
): Promise<readonly DeadLetterQueue[]> {
  const found: DeadLetterQueue[] = [];
  if (deadLetterUrl !== undefined) {
    const attributes = await lookAt(readAttributes(client, deadLetterUrl, signal));
    found.push({ namedBy: 'SQS_DLQ_URL', name: deadLetterUrl, found: attributes });
  }
  const name = redrive?.targetArn.split(':').at(-1);
  if (redrive !== undefined && name !== deadLetterUrl?.split('/').at(-1)) {
    const attributes = await lookAt(readByArn(client, redrive.targetArn, signal));
    found.push({ namedBy: 'the redrive policy', name: redrive.targetArn, found: attributes });
  }
  return found;
}

async function readByArn(
  client: SQSClient,
  arn: string,
  signal: AbortSignal,
): Promise<QueueAttributes> {
  return await readAttributes(client, await findUrl(client, arn, signal), signal);
}
