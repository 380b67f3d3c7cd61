import { freePort } from '../process/ports.ts';
import { openListener } from '../process/listener.ts';
import type { Part } from '../process/part.ts';
import { makeQueueClock } from './clock.ts';
import { makeEngine } from './engine.ts';
import { makeFaults } from './faults.ts';
import type { QueueFaults } from './faults.ts';
import { makeStrictQueue } from './strict.ts';
import { withThroughput } from './throughput.ts';
import { makeWire } from './wire.ts';

/** A FIFO queue and its dead-letter queue. */
export interface QueuePair {
  readonly queueUrl: string;
  readonly deadLetterUrl: string;
}

/**
 * An SQS of our own, as strict as AWS, with a queue of activations. Stopped, it refuses connections
 * and keeps its messages, as an outage does.
 */
export interface Queue extends QueuePair, Part, AsyncDisposable {
  /** For the SDK: `http://127.0.0.1:PORT`. */
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly faults: QueueFaults;
  /** Moves the queue's clock: receipts lapse, windows end, send times shift. */
  advance(ms: number): Promise<void>;
  /** A further pair of queues, `NAME.fifo` and `NAME-dead.fifo`. */
  createQueue(name: string): Promise<QueuePair>;
}

/** Starts fauxqs behind the strict layer on a free loopback port, in this process. */
export async function openQueue(): Promise<Queue> {
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const engine = withThroughput(makeEngine(new URL(endpoint)));
  const clock = makeQueueClock();
  const strict = makeStrictQueue(engine, clock);
  const faults = makeFaults();
  const wire = makeWire({ queue: strict, faults, accessKeyId: ACCESS_KEY_ID });
  const listener = await openListener(wire, port);

  async function create(name: string, attributes: Record<string, string> = {}): Promise<string> {
    const made = await engine.call('CreateQueue', {
      QueueName: `${name}.fifo`,
      Attributes: { ...ATTRIBUTES, ...attributes },
    });
    return String(made['QueueUrl']);
  }
  async function createQueue(name: string): Promise<QueuePair> {
    const deadLetterUrl = await create(`${name}-dead`, DEAD_ATTRIBUTES);
    const arn = `arn:aws:sqs:us-east-1:000000000000:${name}-dead.fifo`;
    const redrive = JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount: 100 });
    return { queueUrl: await create(name, { RedrivePolicy: redrive }), deadLetterUrl };
  }

  return {
    endpoint,
    ...(await createQueue('activations')),
    accessKeyId: ACCESS_KEY_ID,
    secretAccessKey: 'secret-for-loopback-only',
    faults,
    createQueue,
    async advance(ms) {
      clock.advance(ms);
      await strict.settle();
    },
    start: () => listener.start(),
    stop: () => listener.stop(),
    async [Symbol.asyncDispose]() {
      strict[Symbol.dispose]();
      await listener.stop();
      await engine[Symbol.asyncDispose]();
    },
  };
}

const ACCESS_KEY_ID = 'AKIALOOPBACKONLY0000';

const ATTRIBUTES: Readonly<Record<string, string>> = {
  FifoQueue: 'true',
  ContentBasedDeduplication: 'false',
  DeduplicationScope: 'messageGroup',
  FifoThroughputLimit: 'perMessageGroupId',
  VisibilityTimeout: '60',
  ReceiveMessageWaitTimeSeconds: '20',
  MaximumMessageSize: String(256 * 1024),
  MessageRetentionPeriod: '86400',
};

/** Kept as long as can be, for somebody to look at; who looks does so by hand. */
const DEAD_ATTRIBUTES: Readonly<Record<string, string>> = {
  ReceiveMessageWaitTimeSeconds: '0',
  MessageRetentionPeriod: '1209600',
};
