import { randomUUID } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { checkQueue } from '../../../src/adapters/sqs/check.ts';
import type { SqsOptions } from '../../../src/adapters/sqs/client.ts';
import type { Finding } from '../../../src/ports/check.ts';
import { useStack } from '../../support/stack.ts';

const stack = useStack({ parts: ['queue'] });
let client: SQSClient;
beforeAll(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', stack().queue.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', stack().queue.secretAccessKey);
  client = new SQSClient({ endpoint: stack().queue.endpoint, region: REGION });
});
afterAll(() => client.destroy());

describe('the check of a queue', () => {
  it('finds nothing wrong with one that is set up as documented', async () => {
    const pair = await stack().queue.createQueue(`right-${randomUUID()}`);
    expect(await check(pair)).toEqual([]);
    expect(await check({ queueUrl: pair.queueUrl })).toEqual([]);
  });

  it.each([
    ['warning', 'high throughput is off', { FifoThroughputLimit: 'perQueue' }],
    [
      'warning',
      'high throughput is off',
      { DeduplicationScope: 'queue', FifoThroughputLimit: 'perQueue' },
    ],
    ['warning', 'content-based deduplication', { ContentBasedDeduplication: 'true' }],
    ['error', 'kept for 43199 s only', { MessageRetentionPeriod: '43199' }],
    ['warning', 'less than a day', { MessageRetentionPeriod: '43200' }],
    ['warning', 'kept for 14 days', { MessageRetentionPeriod: '1209599' }],
    ['warning', 'visibility timeout is 0 s', { VisibilityTimeout: '0' }],
    ['warning', 'visibility timeout is 301 s', { VisibilityTimeout: '301' }],
    ['warning', 'receive wait time is 0 s', { ReceiveMessageWaitTimeSeconds: '0' }],
    ['warning', 'delayed by 5 s', { DelaySeconds: '5' }],
  ] as const)('has one %s, “%s”, for %o, and its line mends it', async (severity, what, wrong) => {
    const pair = await stack().queue.createQueue(`wrong-${randomUUID()}`);
    await set(pair.queueUrl, wrong);
    const findings = await check(pair);
    expect(findings).toEqual([
      {
        severity,
        what: expect.stringContaining(what),
        why: expect.stringMatching(/.{20}/),
        mend: [expect.stringMatching(/^aws sqs --region us-east-1 --endpoint-url \S+ set-queue/)],
      },
    ]);
    await mend(findings);
    expect(await check(pair)).toEqual([]);
  });

  it('names all that AWS’s own defaults leave wrong', async () => {
    const queueUrl = await create(`plain-${randomUUID()}.fifo`, { FifoQueue: 'true' });
    const findings = await check({ queueUrl, deadLetterUrl: stack().queue.deadLetterUrl });
    expect(findings.map(({ severity, what }) => `${severity}: ${what}`)).toEqual([
      expect.stringMatching(/^warning: high throughput/),
      expect.stringMatching(/^warning: its own receive wait time/),
      expect.stringMatching(/^warning: the queue has no redrive policy/),
    ]);
    await mend(findings);
    expect(await check({ queueUrl })).toEqual([]);
  });

  it('says that a standard queue cannot serve, and how one is made that can', async () => {
    const name = `standard-${randomUUID()}`;
    const queueUrl = await create(name, {});
    const findings = await check({ queueUrl });
    expect(findings).toMatchObject([{ severity: 'error', what: 'the queue is not a FIFO queue' }]);
    await mend(findings);
    const made = await check({ queueUrl: `${queueUrl}.fifo` });
    expect(made.map(({ what }) => what)).toEqual(['there is no dead-letter queue']);
  });

  it('says that there is none', async () => {
    const queueUrl = `${stack().queue.endpoint}/000000000000/nobody.fifo`;
    expect(await check({ queueUrl })).toEqual([
      { severity: 'error', what: expect.stringContaining('check SQS_QUEUE_URL') },
    ]);
  });

  it('warns of a role that may not look, and asks for what workers then need', async () => {
    const pair = await stack().queue.createQueue(`closed-${randomUUID()}`);
    forbid('GetQueueAttributes');
    const [named] = await check(pair);
    expect(named).toMatchObject({
      severity: 'warning',
      what: expect.stringContaining('sqs:GetQueueAttributes'),
      why: expect.not.stringContaining('SQS_DLQ_URL'),
    });
    forbid('GetQueueAttributes');
    const [unnamed] = await check({ queueUrl: pair.queueUrl });
    expect(unnamed).toMatchObject({
      severity: 'warning',
      why: expect.stringContaining('set SQS_DLQ_URL'),
    });
  });

  it('throws when the key itself is refused', async () => {
    forbid('GetQueueAttributes', 'InvalidClientTokenId');
    await expect(check(stack().queue)).rejects.toMatchObject({
      kind: 'auth',
      message: expect.stringContaining('AWS keys'),
    });
  });
});

describe('the check of its dead-letter queue', () => {
  it('is an error where there is none; the lines make one', async () => {
    const queueUrl = await createWithoutRedrive();
    const findings = await check({ queueUrl });
    expect(findings).toMatchObject([{ severity: 'error', what: 'there is no dead-letter queue' }]);
    await mend(findings);
    expect(await check({ queueUrl })).toEqual([]);
  });

  it.each([
    [9, 'error'],
    [10, 'warning'],
    [99, 'warning'],
  ] as const)('a redrive after %d receives is an %s', async (maxReceiveCount, severity) => {
    const pair = await stack().queue.createQueue(`few-${randomUUID()}`);
    const deadLetterTargetArn = arnOf(pair.deadLetterUrl);
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount });
    await set(pair.queueUrl, { RedrivePolicy });
    const findings = await check(pair);
    expect(findings).toMatchObject([{ severity, what: `maxReceiveCount is ${maxReceiveCount}` }]);
    await mend(findings);
    expect(await check(pair)).toEqual([]);
  });

  it('warns where it forgets before the queue does', async () => {
    const pair = await stack().queue.createQueue(`short-${randomUUID()}`);
    await set(pair.deadLetterUrl, { MessageRetentionPeriod: '86400' });
    const findings = await check(pair);
    expect(findings).toMatchObject([
      { severity: 'warning', what: expect.stringContaining('keeps messages for 86400 s') },
    ]);
    await mend(findings);
    expect(await check(pair)).toEqual([]);
  });

  it.each([
    ['SQS_DLQ_URL', true],
    ['the redrive policy', false],
  ])('is an error where what %s names is gone', async (namedBy, named) => {
    const pair = await stack().queue.createQueue(`gone-${randomUUID()}`);
    await client.send(new DeleteQueueCommand({ QueueUrl: pair.deadLetterUrl }));
    const findings = await check(named ? pair : { queueUrl: pair.queueUrl });
    expect(findings).toMatchObject([
      { severity: 'error', what: expect.stringMatching(`of ${namedBy}, .* does not exist`) },
    ]);
  });

  it('is an error where it is a standard queue', async () => {
    const { queueUrl } = await stack().queue.createQueue(`odd-${randomUUID()}`);
    const deadLetterUrl = await create(`standard-${randomUUID()}`, {});
    expect(await check({ queueUrl, deadLetterUrl })).toMatchObject([
      { severity: 'error', what: expect.stringContaining('is not a FIFO queue') },
    ]);
  });

  it('warns where it cannot be looked at', async () => {
    const { queueUrl } = await stack().queue.createQueue(`hidden-${randomUUID()}`);
    forbid('GetQueueUrl');
    expect(await check({ queueUrl })).toMatchObject([
      { severity: 'warning', what: expect.stringContaining('cannot be looked at') },
    ]);
  });
});

const REGION = 'us-east-1';

function check({ queueUrl, deadLetterUrl }: Pick<SqsOptions, 'queueUrl' | 'deadLetterUrl'>) {
  const { endpoint } = stack().queue;
  const options = { endpoint, queueUrl, deadLetterUrl, region: REGION };
  return checkQueue(options, new AbortController().signal);
}

function forbid(action: string, code = 'AccessDenied'): void {
  stack().queue.faults.failNext(action, code, { status: 403 });
}

/** Runs the lines as a shell and the AWS CLI would: words as the shell has them, then the call. */
async function mend(findings: readonly Finding[]): Promise<void> {
  for (const line of findings.flatMap((one) => one.mend ?? [])) await runAwsLine(line);
}

async function runAwsLine(line: string): Promise<void> {
  const words = execFileSync('sh', ['-c', `for word in ${line}; do printf '%s\\0' "$word"; done`])
    .toString()
    .split('\0');
  const valueOf = (name: string): string => words[words.indexOf(`--${name}`) + 1]!;
  expect(words.slice(0, 2)).toEqual(['aws', 'sqs']);
  expect(valueOf('region')).toBe(REGION);
  const attributes = JSON.parse(valueOf('attributes')) as Record<string, string>;
  if (words.includes('create-queue')) await create(valueOf('queue-name'), attributes);
  else if (words.includes('set-queue-attributes')) await set(valueOf('queue-url'), attributes);
  else throw new Error(`no line that is known here: ${line}`);
}

async function set(QueueUrl: string, Attributes: Record<string, string>): Promise<void> {
  await client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));
}

async function create(QueueName: string, Attributes: Record<string, string>): Promise<string> {
  const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName, Attributes }));
  return QueueUrl!;
}

/** Set up right, but for a redrive policy. */
async function createWithoutRedrive(): Promise<string> {
  return await create(`alone-${randomUUID()}.fifo`, {
    FifoQueue: 'true',
    DeduplicationScope: 'messageGroup',
    FifoThroughputLimit: 'perMessageGroupId',
    ReceiveMessageWaitTimeSeconds: '20',
  });
}

function arnOf(url: string): string {
  return `arn:aws:sqs:${REGION}:000000000000:${url.split('/').at(-1)}`;
}
