import type { Engine, Fields } from './engine.ts';
import { SqsRefusal } from './refusal.ts';

/**
 * The engine takes the attributes of high throughput only when a queue is made; SQS lets them be
 * changed. It refuses the throughput of groups where deduplication looks at the whole queue.
 */
export function withThroughput(engine: Engine): Engine {
  const changed = new Map<string, Record<string, unknown>>();

  async function set(request: Fields): Promise<Fields> {
    const { QueueUrl, Attributes } = request;
    const attributes = Object.entries(Attributes ?? {});
    const ours = attributes.filter(([name]) => NAMES.includes(name));
    const others = attributes.filter(([name]) => !NAMES.includes(name));
    if (ours.length === 0) return await engine.call('SetQueueAttributes', request);
    const now = { ...(await read(request)), ...Object.fromEntries(ours) };
    if (now['FifoThroughputLimit'] === PER_GROUP && now['DeduplicationScope'] !== 'messageGroup') {
      throw new SqsRefusal(
        'InvalidAttributeValue',
        `FifoThroughputLimit ${PER_GROUP} needs DeduplicationScope messageGroup.`,
      );
    }
    const rest = { QueueUrl, Attributes: Object.fromEntries(others) };
    if (others.length > 0) await engine.call('SetQueueAttributes', rest);
    changed.set(String(QueueUrl), now);
    return {};
  }

  async function get(request: Fields): Promise<Fields> {
    const answer = await engine.call('GetQueueAttributes', request);
    const names = (request['AttributeNames'] ?? []) as readonly string[];
    const ours = Object.entries(changed.get(String(request['QueueUrl'])) ?? {}).filter(
      ([name]) => names.includes('All') || names.includes(name),
    );
    if (ours.length === 0) return answer;
    return { Attributes: { ...(answer['Attributes'] as Fields), ...Object.fromEntries(ours) } };
  }

  /** What the queue was made or set up with last. */
  async function read({ QueueUrl }: Fields): Promise<Fields> {
    const { Attributes } = await get({ QueueUrl, AttributeNames: ['All'] });
    return Object.fromEntries(
      Object.entries(Attributes ?? {}).filter(([name]) => NAMES.includes(name)),
    );
  }

  return {
    async call(action, fields) {
      if (action === 'SetQueueAttributes') return await set(fields);
      if (action === 'GetQueueAttributes') return await get(fields);
      return await engine.call(action, fields);
    },
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
  };
}

const NAMES: readonly string[] = ['DeduplicationScope', 'FifoThroughputLimit'];
const PER_GROUP = 'perMessageGroupId';
