import { randomUUID } from 'node:crypto';
import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { Message, ReceiveMessageCommandInput } from '@aws-sdk/client-sqs';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { useStack } from '../support/stack.ts';

const stack = useStack({ parts: ['queue'] });
let sqs: SQSClient;
let QueueUrl: string;
beforeAll(() => {
  sqs = clientOf(stack().queue.accessKeyId);
});
beforeEach(async () => {
  QueueUrl = await createQueue();
});

describe('a receipt handle that is over, in the words of SQS', () => {
  it('before the next delivery', async () => {
    const old = await sendAndReceive();
    await stack().queue.advance(60_000);
    await expect(remove(old)).rejects.toMatchObject(HAS_EXPIRED);
    await expect(change(old, 60)).rejects.toMatchObject({ name: 'MessageNotInflight' });
  });

  it('after the next delivery', async () => {
    const old = await sendAndReceive();
    await stack().queue.advance(60_000);
    const [now] = await receive();
    await expect(remove(old)).rejects.toMatchObject(HAS_EXPIRED);
    await expect(change(old, 0)).rejects.toMatchObject(HAS_EXPIRED);
    await remove(now!);
  });

  it('never was one', async () => {
    const odd = { ReceiptHandle: 'odd' };
    await expect(remove(odd)).rejects.toMatchObject({ name: 'ReceiptHandleIsInvalid' });
  });

  it('in a batch fails alone', async () => {
    const [old, other] = [await sendAndReceive('a'), await sendAndReceive('b')];
    await remove(old);
    const Entries = [old, other].map(({ ReceiptHandle }, at) => {
      return { Id: `${at}`, ReceiptHandle, VisibilityTimeout: 60 };
    });
    const answer = await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }));
    expect(answer.Successful).toMatchObject([{ Id: '1' }]);
    expect(answer.Failed).toMatchObject([{ Id: '0', Code: 'MessageNotInflight' }]);
  });
});

describe('twelve hours after its receive', () => {
  it('a message cannot be held, however often it was extended', async () => {
    const held = await sendAndReceive();
    for (let hour = 0; hour < 11; hour += 1) {
      await change(held, 2 * 3_600 - 60);
      await stack().queue.advance(3_600_000);
    }
    await expect(change(held, 3_601)).rejects.toMatchObject({
      name: 'InvalidParameterValue',
      message: expect.stringContaining('beyond the limit [43200 seconds]'),
    });
    await change(held, 3_500);
  });

  it('counts anew with the next receive', async () => {
    const held = await sendAndReceive();
    await change(held, 11 * 3_600);
    await stack().queue.advance(11 * 3_600_000);
    const [again] = await receive();
    await change(again!, 11 * 3_600);
    expect(again?.Attributes?.ApproximateReceiveCount).toBe('2');
  });
});

describe('deduplication', () => {
  it('swallows a repeated id in the whole queue', async () => {
    await send({ MessageGroupId: 'a', MessageDeduplicationId: 'same' });
    await send({ MessageGroupId: 'b', MessageDeduplicationId: 'same' });
    expect(await receiveGroups()).toEqual(['a']);
  });

  it('looks only within a group where the queue is set up so', async () => {
    QueueUrl = await createQueue({
      DeduplicationScope: 'messageGroup',
      FifoThroughputLimit: 'perMessageGroupId',
    });
    await send({ MessageGroupId: 'a', MessageDeduplicationId: 'same' });
    await send({ MessageGroupId: 'b', MessageDeduplicationId: 'same' });
    await send({ MessageGroupId: 'b', MessageDeduplicationId: 'same' });
    expect(await receiveGroups()).toEqual(['a', 'b']);
    await stack().queue.advance(5 * 60_000);
    await send({ MessageGroupId: 'b', MessageDeduplicationId: 'same' });
    expect(await receiveGroups()).toEqual(['b']);
  });

  it('looks only within a group from the moment the queue is set up so', async () => {
    const set = (Attributes: Record<string, string>) =>
      sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));
    await expect(set({ FifoThroughputLimit: 'perMessageGroupId' })).rejects.toMatchObject({
      name: 'InvalidAttributeValue',
    });
    await set({ DeduplicationScope: 'messageGroup', FifoThroughputLimit: 'perMessageGroupId' });
    await send({ MessageGroupId: 'a', MessageDeduplicationId: 'same' });
    await send({ MessageGroupId: 'b', MessageDeduplicationId: 'same' });
    expect(await receiveGroups()).toEqual(['a', 'b']);
  });

  it('goes by the body where the queue is set up so, and an id of the sender’s own wins', async () => {
    QueueUrl = await createQueue({ ContentBasedDeduplication: 'true' });
    await send({ MessageGroupId: 'a', MessageDeduplicationId: undefined });
    await send({ MessageGroupId: 'b', MessageDeduplicationId: undefined });
    await send({ MessageGroupId: 'c' });
    expect(await receiveGroups()).toEqual(['a', 'c']);
  });

  it('shows the sender’s id, not the layer’s own', async () => {
    await send({ MessageDeduplicationId: 'mine' });
    const [message] = await receive();
    expect(message?.Attributes?.MessageDeduplicationId).toBe('mine');
  });
});

describe('ids', () => {
  const refused = { name: 'InvalidParameterValue' };

  it.each(['a room', '会議', 'x'.repeat(129)])('%s is none', async (id) => {
    await expect(send({ MessageGroupId: id })).rejects.toMatchObject(refused);
    await expect(send({ MessageDeduplicationId: id })).rejects.toMatchObject(refused);
  });

  it('are looked at in a batch, entry by entry', async () => {
    const Entries = ['a', 'a room'].map((MessageGroupId, at) => {
      const MessageDeduplicationId = randomUUID();
      return { Id: `${at}`, MessageBody: '{}', MessageGroupId, MessageDeduplicationId };
    });
    const { Successful, Failed } = await sqs.send(
      new SendMessageBatchCommand({ QueueUrl, Entries }),
    );
    expect(Successful).toMatchObject([{ Id: '0' }]);
    expect(Failed).toMatchObject([{ Id: '1', Code: 'InvalidParameterValue' }]);
  });
});

describe('a long poll', () => {
  it('whose client is gone swallows nothing', async () => {
    const controller = new AbortController();
    const command = new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 });
    const poll = sqs.send(command, { abortSignal: controller.signal });
    controller.abort();
    await expect(poll).rejects.toMatchObject({ name: 'AbortError' });
    await send({});
    expect(await receive({ WaitTimeSeconds: 20 })).toHaveLength(1);
  });

  it('wakes one of several for one message; the others wait on', async () => {
    const polls = [1, 2, 3].map(() => receive({ WaitTimeSeconds: 20 }));
    await send({ MessageGroupId: 'first' });
    const first = await Promise.race(polls);
    expect(first).toHaveLength(1);
    await send({ MessageGroupId: 'second' });
    await send({ MessageGroupId: 'third' });
    const all = await Promise.all(polls);
    expect(all.map((messages) => messages.length)).toEqual([1, 1, 1]);
  });
});

it('lets in one access key only', async () => {
  const stranger = clientOf('AKIASTRANGER00000000');
  const command = new ReceiveMessageCommand({ QueueUrl });
  await expect(stranger.send(command)).rejects.toMatchObject({ name: 'InvalidClientTokenId' });
  stranger.destroy();
});

const HAS_EXPIRED = {
  name: 'InvalidParameterValue',
  message: expect.stringContaining('The receipt handle has expired'),
};

function clientOf(accessKeyId: string): SQSClient {
  return new SQSClient({
    endpoint: stack().queue.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey: 'secret' },
  });
}

async function createQueue(attributes: Record<string, string> = {}): Promise<string> {
  const QueueName = `q-${randomUUID()}.fifo`;
  const Attributes = { FifoQueue: 'true', VisibilityTimeout: '60', ...attributes };
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
  return QueueUrl!;
}

async function send(message: {
  readonly MessageGroupId?: string;
  readonly MessageDeduplicationId?: string | undefined;
}): Promise<void> {
  const ids = { MessageGroupId: 'g', MessageDeduplicationId: randomUUID(), ...message };
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{}', ...ids }));
}

async function receive(
  request: Partial<ReceiveMessageCommandInput> = {},
): Promise<readonly Message[]> {
  const MessageSystemAttributeNames = ['All' as const];
  const command = new ReceiveMessageCommand({ QueueUrl, MessageSystemAttributeNames, ...request });
  return (await sqs.send(command)).Messages ?? [];
}

/** Receives and deletes all there is; the groups of it. */
async function receiveGroups(): Promise<readonly (string | undefined)[]> {
  const groups: (string | undefined)[] = [];
  for (let [one] = await receive(); one !== undefined; [one] = await receive()) {
    groups.push(one.Attributes?.MessageGroupId);
    await remove(one);
  }
  return groups;
}

async function sendAndReceive(MessageGroupId = 'g'): Promise<Message> {
  await send({ MessageGroupId });
  const [message] = await receive();
  return message!;
}

async function change({ ReceiptHandle }: Message, VisibilityTimeout: number): Promise<void> {
  const command = { QueueUrl, ReceiptHandle, VisibilityTimeout };
  await sqs.send(new ChangeMessageVisibilityCommand(command));
}

async function remove({ ReceiptHandle }: Message): Promise<void> {
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
}
