import type { Engine, Fields } from './engine.ts';

/** What the queue of a request was set up with. @throws SqsRefusal when there is no such queue. */
export async function readAttributes(
  engine: Engine,
  request: Fields,
  names: readonly string[],
): Promise<Fields> {
  const { QueueUrl } = request;
  const answer = await engine.call('GetQueueAttributes', { QueueUrl, AttributeNames: names });
  return (answer['Attributes'] ?? {}) as Fields;
}
