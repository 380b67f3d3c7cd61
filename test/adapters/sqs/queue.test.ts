import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { SqsOptions } from '../../../src/adapters/sqs/client.ts';
import { makeSqsQueue } from '../../../src/adapters/sqs/queue.ts';
import type { Queue } from '../../../src/ports/queue.ts';
import { useStack } from '../../support/stack.ts';

const V = 60_000;
const stack = useStack({ parts: ['queue'] });
beforeAll(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', stack().queue.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', stack().queue.secretAccessKey);
});

describe('a server that is in trouble', () => {
  it.each([
    ['any other call', 3_000, (queue: Queue) => queue.delete('a receipt')],
    ['a long poll', 25_000, (queue: Queue) => queue.receive(POLL, never())],
  ])('that never answers %s is given up after %d ms', async (_what, limitMs, call) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const silent = createServer();
    onTestFinished(() => void silent.close());
    await once(silent.listen(0, '127.0.0.1'), 'listening');
    const connected = once(silent, 'connection');
    const endpoint = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const answer = call(open({ endpoint, queueUrl: `${endpoint}/0/q.fifo` }));
    const failure = expect(answer).rejects.toMatchObject({ kind: 'timeout', retryable: true });
    await connected;
    await vi.advanceTimersByTimeAsync(limitMs - 1);
    expect(await Promise.race([answer, Promise.resolve('open')])).toBe('open');
    await vi.advanceTimersByTimeAsync(1);
    await failure;
  });

  it('that is away and comes back keeps its messages', async () => {
    const queue = open({});
    await stack().queue.stop();
    const message = { body: '{}', groupId: 'outage', deduplicationId: randomUUID() };
    await expect(queue.send(message)).rejects.toMatchObject({ kind: 'unavailable' });
    await stack().queue.start();
    await queue.send(message);
    expect(await queue.receive(POLL, never())).toMatchObject({ groupId: 'outage' });
  });

  it('that does not know the queue says what to check', async () => {
    const queue = open({ queueUrl: `${stack().queue.endpoint}/000000000000/nobody.fifo` });
    await expect(queue.receive(POLL, never())).rejects.toMatchObject({
      kind: 'rejected',
      retryable: false,
      message: expect.stringContaining('SQS_QUEUE_URL'),
    });
  });
});

describe('beats in several batches', () => {
  const beats = Array.from({ length: 25 }, (_none, at) => ({
    receiptHandle: `no receipt ${at}`,
    visibilityMs: V,
  }));

  it('lose only the beats of a batch that failed', async () => {
    stack().queue.faults.failNext('ChangeMessageVisibilityBatch', 'RequestThrottled');
    const results = await open({}).changeVisibility(beats);
    expect(results).toHaveLength(25);
    const failed = results.filter((result) => result === 'failed').length;
    expect([5, 10]).toContain(failed);
    expect(results.filter((result) => result === 'expired')).toHaveLength(25 - failed);
  });

  it('throw when none got through', async () => {
    const { faults } = stack().queue;
    faults.failNext('ChangeMessageVisibilityBatch', 'RequestThrottled', { times: 3 });
    await expect(open({}).changeVisibility(beats)).rejects.toMatchObject({ kind: 'quota' });
  });
});

describe('the dead-letter queue', () => {
  const delivery = {
    messageId: randomUUID(),
    receiptHandle: 'r',
    body: 'nonsense',
    groupId: 'g',
    receiveCount: 1,
    sentAt: 0,
  };

  it('is the target of the redrive policy where none is named', async () => {
    const pair = await stack().queue.createQueue(`q-${randomUUID()}`);
    const { queueUrl, deadLetterUrl } = pair;
    expect(await open({ queueUrl }).deadLetter(delivery, 'odd')).toBe(true);
    const dead = open({ queueUrl: deadLetterUrl });
    expect(await dead.receive(POLL, never())).toMatchObject({ body: 'nonsense', groupId: 'g' });
  });

  it('may be missing', async () => {
    const queueUrl = await createPlainQueue();
    expect(await open({ queueUrl }).deadLetter(delivery, 'odd')).toBe(false);
  });

  it('is looked for again when the first look failed', async () => {
    const { queueUrl } = await stack().queue.createQueue(`q-${randomUUID()}`);
    const queue = open({ queueUrl });
    stack().queue.faults.failNext('GetQueueAttributes', 'ServiceUnavailable', { status: 503 });
    await expect(queue.deadLetter(delivery, 'odd')).rejects.toMatchObject({ kind: 'unavailable' });
    expect(await queue.deadLetter(delivery, 'odd')).toBe(true);
  });
});

const POLL = { waitMs: 20_000, visibilityMs: V, attemptId: 'poll' };

function optionsOf(changes: Partial<SqsOptions>): SqsOptions {
  const { endpoint, queueUrl } = stack().queue;
  return { endpoint, queueUrl, region: 'us-east-1', ...changes };
}

function open(changes: Partial<SqsOptions>): Queue {
  const queue = makeSqsQueue(optionsOf(changes));
  onTestFinished(() => queue[Symbol.dispose]());
  return queue;
}

/** A FIFO queue without a redrive policy. */
async function createPlainQueue(attributes: Record<string, string> = {}): Promise<string> {
  const client = new SQSClient({ endpoint: stack().queue.endpoint, region: 'us-east-1' });
  onTestFinished(() => client.destroy());
  const QueueName = `plain-${randomUUID()}.fifo`;
  const Attributes = { FifoQueue: 'true', ...attributes };
  const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName, Attributes }));
  return QueueUrl!;
}

function never(): AbortSignal {
  return new AbortController().signal;
}
