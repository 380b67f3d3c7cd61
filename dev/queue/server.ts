import { startFauxqs } from 'fauxqs';
import { openDoor } from '../lib/door.ts';
import type { Door } from '../lib/door.ts';

/** An SQS-compatible server with a FIFO queue of activations and its dead-letter queue. */
export interface QueueServer extends AsyncDisposable {
  readonly endpoint: string;
  readonly queueUrl: string;
  readonly deadLetterUrl: string;
  /** The path of every client that uses `endpoint`. */
  readonly door: Door;
  /** A further pair of queues, for a test of its own. */
  createQueue(name: string): { readonly queueUrl: string; readonly deadLetterUrl: string };
}

/** Starts fauxqs in this process behind a door. */
export async function openQueueServer(): Promise<QueueServer> {
  const server = await startFauxqs({ port: 0, logger: false });
  const door = await openDoor(server.port);
  const endpoint = `http://127.0.0.1:${door.port}`;
  const createQueue: QueueServer['createQueue'] = (name) => {
    const dead = server.createQueue(`${name}-dead.fifo`, { attributes: { FifoQueue: 'true' } });
    const live = server.createQueue(`${name}.fifo`, {
      attributes: {
        FifoQueue: 'true',
        VisibilityTimeout: '60',
        MessageRetentionPeriod: '86400',
        DeduplicationScope: 'messageGroup',
        FifoThroughputLimit: 'perMessageGroupId',
        RedrivePolicy: JSON.stringify({
          deadLetterTargetArn: dead.queueArn,
          maxReceiveCount: 100,
        }),
      },
    });
    const outside = (url: string): string => `${endpoint}${new URL(url).pathname}`;
    return { queueUrl: outside(live.queueUrl), deadLetterUrl: outside(dead.queueUrl) };
  };
  return {
    endpoint,
    ...createQueue('activations'),
    door,
    createQueue,
    async [Symbol.asyncDispose]() {
      await door[Symbol.asyncDispose]();
      await server.stop();
    },
  };
}
