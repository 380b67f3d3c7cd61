import { randomUUID } from 'node:crypto';
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { onTestFinished } from 'vitest';
import type { Queue as QueueServer } from '../../dev/queue/queue.ts';
import { makeSqsQueue } from '../../src/adapters/sqs/queue.ts';
import type { QueueWorld } from './queue-world.ts';

const CALLS = [
  'ReceiveMessage',
  'SendMessage',
  'DeleteMessage',
  'ChangeMessageVisibilityBatch',
] as const;

const FAILURES = {
  auth: { code: 'InvalidClientTokenId', status: 403 },
  quota: { code: 'RequestThrottled', status: 400 },
  unavailable: { code: 'ServiceUnavailable', status: 503 },
} as const;

/** The adapter on a queue of its own in the strict server; closed when the test is over. */
export async function openRealQueue(server: QueueServer): Promise<QueueWorld> {
  const { queueUrl, deadLetterUrl } = await server.createQueue(`q-${randomUUID()}`);
  const { endpoint, faults } = server;
  const region = 'us-east-1';
  const queue = makeSqsQueue({ queueUrl, deadLetterUrl, endpoint, region });
  const client = new SQSClient({ endpoint, region });
  const dead: { body: string; reason: string }[] = [];
  /** Takes one letter out: a group shows its next message only then. */
  async function receive(): Promise<(typeof dead)[number] | undefined> {
    const MessageAttributeNames = ['reason'];
    const command = new ReceiveMessageCommand({ QueueUrl: deadLetterUrl, MessageAttributeNames });
    const [letter] = (await client.send(command)).Messages ?? [];
    if (letter === undefined) return undefined;
    const { ReceiptHandle, Body: body = '', MessageAttributes = {} } = letter;
    await client.send(new DeleteMessageCommand({ QueueUrl: deadLetterUrl, ReceiptHandle }));
    return { body, reason: MessageAttributes['reason']?.StringValue ?? '' };
  }
  onTestFinished(() => {
    queue[Symbol.dispose]();
    client.destroy();
    faults.heal();
  });
  return {
    queue,
    pass: (ms) => server.advance(ms),
    async deadLetters() {
      for (let one = await receive(); one !== undefined; one = await receive()) dead.push(one);
      return dead;
    },
    loseNextReceive: () => faults.loseNextReceive(),
    failNextBeat: () => faults.failNextEntry('ChangeMessageVisibilityBatch', 'InternalError'),
    failNext(kind) {
      const { code, status } = FAILURES[kind];
      for (const call of CALLS) faults.failNext(call, code, { status });
    },
  };
}
