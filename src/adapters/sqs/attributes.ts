import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { isTroupeError, TroupeError } from '../../errors.ts';
import { callQueue } from './call.ts';

/** What a queue was set up with, as far as it matters here; times in seconds. */
export interface QueueAttributes {
  readonly url: string;
  readonly arn: string;
  readonly isFifo: boolean;
  readonly deduplicatesByContent: boolean;
  readonly deduplicationScope: string;
  readonly throughputLimit: string;
  readonly retentionS: number;
  readonly visibilityS: number;
  readonly waitS: number;
  readonly delayS: number;
  readonly redrive: Redrive | undefined;
}

/** After how many receives a message is moved, and where to. */
export interface Redrive {
  readonly targetArn: string;
  readonly maxReceives: number;
}

/** Why a queue's attributes cannot be had, though SQS answers. */
export type Unreadable = 'forbidden' | 'missing';

/**
 * Reads a queue's attributes. All of them are asked for: a standard queue may refuse a question for
 * those of a FIFO queue.
 * @throws TroupeError of service `queue`; the signal's reason when that aborts first.
 */
export async function readAttributes(
  client: SQSClient,
  url: string,
  signal?: AbortSignal,
): Promise<QueueAttributes> {
  const command = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] });
  const { Attributes = {} } = await callQueue(client, command, signal);
  return toAttributes(url, Attributes);
}

/**
 * What `reading` gives, or what its refusal means for who only wants to look.
 * @throws what `reading` throws for any other reason.
 */
export async function lookAt(
  reading: Promise<QueueAttributes>,
): Promise<QueueAttributes | Unreadable> {
  try {
    return await reading;
  } catch (error) {
    const cause = isTroupeError(error) ? error.cause : undefined;
    const name = cause instanceof Error ? cause.name : '';
    if (name.includes('AccessDenied')) return 'forbidden';
    if (/QueueDoesNotExist|NonExistentQueue/.test(name)) return 'missing';
    throw error;
  }
}

/** What SQS leaves out has its default (SetQueueAttributes in the SQS API reference). */
function toAttributes(
  url: string,
  read: Readonly<Partial<Record<string, string>>>,
): QueueAttributes {
  return {
    url,
    arn: read['QueueArn'] ?? '',
    isFifo: read['FifoQueue'] === 'true',
    deduplicatesByContent: read['ContentBasedDeduplication'] === 'true',
    deduplicationScope: read['DeduplicationScope'] ?? 'queue',
    throughputLimit: read['FifoThroughputLimit'] ?? 'perQueue',
    retentionS: Number(read['MessageRetentionPeriod'] ?? 345_600),
    visibilityS: Number(read['VisibilityTimeout'] ?? 30),
    waitS: Number(read['ReceiveMessageWaitTimeSeconds'] ?? 0),
    delayS: Number(read['DelaySeconds'] ?? 0),
    redrive: toRedrive(read['RedrivePolicy']),
  };
}

function toRedrive(policy: string | undefined): Redrive | undefined {
  if (policy === undefined || policy === '') return undefined;
  const { data } = redriveSchema.safeParse(policy);
  if (data === undefined) {
    throw new TroupeError('the queue’s redrive policy cannot be read', {
      kind: 'malformed',
      fault: 'fleet',
      service: 'queue',
    });
  }
  return { targetArn: data.deadLetterTargetArn, maxReceives: data.maxReceiveCount };
}

const redriveSchema = z
  .string()
  .transform(parseJson)
  .pipe(
    z.object({
      deadLetterTargetArn: z.string(),
      // A number or its digits, as it was set.
      maxReceiveCount: z.union([z.number(), z.string().regex(/^\d+$/).transform(Number)]),
    }),
  );

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
