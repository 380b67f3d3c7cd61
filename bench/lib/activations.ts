import { randomUUID } from 'node:crypto';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

/** Asks for bots as a backend does. */
export interface Activations extends Disposable {
  /** Resolves with the message's id once the queue has it; `mode` where it is not the character's. */
  send(room: string, mode?: 'text' | 'voice'): Promise<string>;
}

/** Opens the backend's way to the queue of a stack. */
export function openActivations(env: Readonly<Record<string, string>>): Activations {
  const client = new SQSClient({
    region: env['AWS_REGION'] ?? '',
    endpoint: env['SQS_ENDPOINT'] ?? '',
    credentials: {
      accessKeyId: env['AWS_ACCESS_KEY_ID'] ?? '',
      secretAccessKey: env['AWS_SECRET_ACCESS_KEY'] ?? '',
    },
  });
  return {
    async send(room, mode) {
      const message = new SendMessageCommand({
        QueueUrl: env['SQS_QUEUE_URL'],
        MessageBody: JSON.stringify({ roomName: room, mode }),
        MessageGroupId: room,
        MessageDeduplicationId: randomUUID(),
      });
      const { MessageId = '' } = await client.send(message);
      return MessageId;
    },
    [Symbol.dispose]: () => client.destroy(),
  };
}
