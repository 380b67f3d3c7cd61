import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { Queue } from '../../dev/queue/queue.ts';
import type { Letter, MessageKind, Residue, Sent } from './observations.ts';

/** A message as the backend means it; its marker is put into an object's field. */
export interface Order {
  readonly kind: MessageKind;
  readonly room: string;
  /** An object becomes JSON; a text is sent as it is, behind its marker. */
  readonly body: Readonly<Record<string, unknown>> | string;
  readonly group: string;
}

/** The backend and the operator: both ends of the queue, by the vendor's own client. */
export interface Backend extends Disposable {
  /** Resolves once the queue has it; a retry of a send that failed is the same request. */
  send(order: Order): Promise<Sent>;
  /** Takes the dead letters that there are. */
  collectLetters(): Promise<readonly Letter[]>;
  /** How many messages the queue holds. */
  count(): Promise<Residue>;
}

const RETRY_MS = 300;

export function openBackend(queue: Queue): Backend {
  const { endpoint, queueUrl, deadLetterUrl, accessKeyId, secretAccessKey } = queue;
  const client = new SQSClient({
    region: 'us-east-1',
    endpoint,
    credentials: { accessKeyId, secretAccessKey },
    maxAttempts: 1,
  });
  let count = 0;

  async function send({ kind, room, body, group }: Order): Promise<Sent> {
    const marker = `marker-${++count}-of-campaign`;
    const message = new SendMessageCommand({
      QueueUrl: queueUrl,
      MessageBody:
        typeof body === 'string' ? `${marker} ${body}` : JSON.stringify({ ...body, marker }),
      MessageGroupId: group,
      MessageDeduplicationId: randomUUID(),
    });
    for (;;) {
      const at = Date.now();
      const sent = await client.send(message).catch(() => undefined);
      if (sent !== undefined) return { at, marker, messageId: sent.MessageId ?? '', kind, room };
      await sleep(RETRY_MS);
    }
  }

  async function collectLetters(): Promise<readonly Letter[]> {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl: deadLetterUrl,
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ['All'],
      }),
    );
    for (const { ReceiptHandle } of Messages) {
      await client.send(new DeleteMessageCommand({ QueueUrl: deadLetterUrl, ReceiptHandle }));
    }
    return Messages.map(({ Body = '', MessageAttributes }) => ({
      at: Date.now(),
      // Enough to find the marker; a huge body is a fault's.
      body: Body.length > 2_000 ? `${Body.slice(0, 1_000)}${Body.slice(-1_000)}` : Body,
      reason: MessageAttributes?.['reason']?.StringValue,
    }));
  }

  return {
    send,
    collectLetters: () => collectLetters().catch(() => []),
    async count() {
      const { Attributes = {} } = await client.send(
        new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['All'] }),
      );
      return {
        at: Date.now(),
        waiting: Number(Attributes['ApproximateNumberOfMessages']),
        inFlight: Number(Attributes['ApproximateNumberOfMessagesNotVisible']),
      };
    },
    [Symbol.dispose]: () => client.destroy(),
  };
}
