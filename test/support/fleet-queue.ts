import { randomUUID } from 'node:crypto';
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { Queue } from '../../dev/queue/queue.ts';
import { eventually } from './eventually.ts';

/** The queue as a backend and an operator see it, with the vendor's own client. */
export interface FleetQueue extends Disposable {
  /** Puts a message there; returns its id. */
  send(body: string, groupId: string, deduplicationId?: string): Promise<string>;
  /** How many messages wait, and how many are in flight. */
  counts(): Promise<{ readonly waiting: number; readonly inFlight: number }>;
  /** Resolves once it holds so many of each. */
  holds(wanted: Awaited<ReturnType<FleetQueue['counts']>>, limitMs?: number): Promise<unknown>;
  /** Resolves once the queue holds nothing at all. */
  isEmpty(limitMs?: number): Promise<unknown>;
  /** Throws away whatever is there. */
  purge(): Promise<void>;
  /** The first dead letter whose body contains `part`, now or later, with the reason it carries. */
  deadLetter(part: string, limitMs?: number): Promise<DeadLetter>;
  /** All dead letters so far. */
  deadLetters(): Promise<readonly DeadLetter[]>;
}

/** What an operator finds in the dead-letter queue. */
export interface DeadLetter {
  readonly body: string;
  readonly reason: string | undefined;
}

/** Opens both ends of a stack's queue. */
export function openFleetQueue(queue: Queue): FleetQueue {
  const { endpoint, queueUrl, deadLetterUrl, accessKeyId, secretAccessKey } = queue;
  const credentials = { accessKeyId, secretAccessKey };
  const client = new SQSClient({ region: 'us-east-1', endpoint, credentials });
  const dead: DeadLetter[] = [];

  async function collectDead(): Promise<readonly DeadLetter[]> {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl: deadLetterUrl,
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ['All'],
      }),
    );
    for (const { Body = '', MessageAttributes, ReceiptHandle } of Messages) {
      dead.push({ body: Body, reason: MessageAttributes?.['reason']?.StringValue });
      await client.send(new DeleteMessageCommand({ QueueUrl: deadLetterUrl, ReceiptHandle }));
    }
    return dead;
  }

  async function counts() {
    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['All'] }),
    );
    return {
      waiting: Number(Attributes?.['ApproximateNumberOfMessages']),
      inFlight: Number(Attributes?.['ApproximateNumberOfMessagesNotVisible']),
    };
  }

  const holds: FleetQueue['holds'] = (wanted, limitMs) =>
    eventually(
      `the queue to hold ${wanted.waiting} that wait and ${wanted.inFlight} in flight`,
      async () => {
        const { waiting, inFlight } = await counts();
        return waiting === wanted.waiting && inFlight === wanted.inFlight;
      },
      limitMs,
    );

  return {
    counts,
    async send(body, groupId, deduplicationId = randomUUID()) {
      const { MessageId = '' } = await client.send(
        new SendMessageCommand({
          QueueUrl: queueUrl,
          MessageBody: body,
          MessageGroupId: groupId,
          MessageDeduplicationId: deduplicationId,
        }),
      );
      return MessageId;
    },
    async purge() {
      await client.send(new PurgeQueueCommand({ QueueUrl: queueUrl }));
    },
    holds,
    isEmpty: (limitMs) => holds({ waiting: 0, inFlight: 0 }, limitMs),
    deadLetter: (part, limitMs) =>
      eventually(
        `a dead letter with ${part}`,
        async () => (await collectDead()).find(({ body }) => body.includes(part)),
        limitMs,
      ),
    deadLetters: collectDead,
    [Symbol.dispose]: () => client.destroy(),
  };
}
