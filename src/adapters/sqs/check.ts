import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { callQueue } from './call.ts';
import { makeSqsClient } from './client.ts';
import type { SqsOptions } from './client.ts';

/**
 * Reads the queue's attributes and says what is wrong with them; empty when all is well.
 * @throws TroupeError of service `queue`.
 */
export async function checkQueue(
  options: SqsOptions,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const client = makeSqsClient(options);
  try {
    const command = new GetQueueAttributesCommand({
      QueueUrl: options.queueUrl,
      AttributeNames: ['FifoQueue', 'RedrivePolicy', 'ContentBasedDeduplication'],
    });
    const { Attributes = {} } = await callQueue(
      (abortable) => client.send(command, abortable),
      signal,
    );
    return [
      ...(Attributes.FifoQueue === 'true' ? [] : ['the queue is not a FIFO queue']),
      ...(Attributes.RedrivePolicy === undefined && options.deadLetterUrl === undefined
        ? ['there is no dead-letter queue: refused messages are logged and deleted']
        : []),
      ...(Attributes.ContentBasedDeduplication === 'true'
        ? [
            'content-based deduplication is on: producers must send ids of their own (docs/protocol.md)',
          ]
        : []),
    ];
  } finally {
    client.destroy();
  }
}
