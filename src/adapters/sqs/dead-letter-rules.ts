import type { Finding } from '../../ports/check.ts';
import type { QueueAttributes, Redrive, Unreadable } from './attributes.ts';
import { createQueueLine, setAttributesLine } from './aws-line.ts';
import type { SqsOptions } from './client.ts';

/** A dead-letter queue that something names, as it was found. */
export interface DeadLetterQueue {
  /** `SQS_DLQ_URL`, or the redrive policy. */
  readonly namedBy: string;
  /** Its URL or ARN, as it is named. */
  readonly name: string;
  readonly found: QueueAttributes | Unreadable;
}

/** Holds the queue's redrive, and the dead-letter queues that are named, against what the fleet relies on. */
export function judgeDeadLetters(
  options: SqsOptions,
  queue: QueueAttributes,
  deadLetters: readonly DeadLetterQueue[],
): readonly Finding[] {
  if (deadLetters.length === 0) return [noDeadLetters(options, queue)];
  return [
    ...judgeRedrive(options, queue),
    ...deadLetters.flatMap((one) => judgeOne(options, queue, one)),
  ];
}

/** The backstop: crashes are counted in the database, and every receive counts here. */
const MAX_RECEIVES = 100;
/** The database gives a room up after 5 crashes; below twice that the queue would come first. */
const FEWEST_RECEIVES = 10;
/** The longest that SQS knows. */
const LONGEST_RETENTION_S = 1_209_600;

function noDeadLetters(options: SqsOptions, queue: QueueAttributes): Finding {
  return {
    severity: 'error',
    what: 'there is no dead-letter queue',
    why: 'a start that is refused is logged and deleted, and cannot be sent again',
    mend: [
      createQueueLine(options, deadNameOf(queue), RIGHT_DEAD),
      setRedrive(options, queue, deadArnOf(queue)),
    ],
  };
}

function judgeRedrive(options: SqsOptions, queue: QueueAttributes): readonly Finding[] {
  const { redrive } = queue;
  if (redrive === undefined) {
    return [
      {
        severity: 'warning',
        what: 'the queue has no redrive policy, only SQS_DLQ_URL is set',
        why: 'a message that kills every worker before it is counted comes back until it expires',
        mend: [setRedrive(options, queue, arnOf(options.deadLetterUrl ?? '', queue))],
      },
    ];
  }
  const severity = severityOf(redrive);
  if (severity === undefined) return [];
  return [
    {
      severity,
      what: `maxReceiveCount is ${redrive.maxReceives}`,
      why:
        'every receive counts, not only crashes (those the database counts, up to five): a healthy ' +
        'room whose message was handed back a few times would land in the dead-letter queue',
      mend: [setRedrive(options, queue, redrive.targetArn)],
    },
  ];
}

function severityOf({ maxReceives }: Redrive): Finding['severity'] | undefined {
  if (maxReceives < FEWEST_RECEIVES) return 'error';
  return maxReceives < MAX_RECEIVES ? 'warning' : undefined;
}

function judgeOne(
  options: SqsOptions,
  queue: QueueAttributes,
  { namedBy, name, found }: DeadLetterQueue,
): readonly Finding[] {
  const which = `the dead-letter queue of ${namedBy}, ${name},`;
  if (found === 'missing') return [missing(options, queue, which)];
  if (found === 'forbidden') return [forbidden(which)];
  if (!found.isFifo) return [notFifo(options, queue, which)];
  if (found.retentionS > queue.retentionS) return [];
  return [
    {
      severity: 'warning',
      what: `${which} keeps messages for ${found.retentionS} s, not longer than the queue itself`,
      why: 'refused starts are gone before anybody has looked at them',
      mend: [setAttributesLine(options, found.url, RIGHT_DEAD)],
    },
  ];
}

function missing(options: SqsOptions, queue: QueueAttributes, which: string): Finding {
  return {
    severity: 'error',
    what: `${which} does not exist`,
    why: 'a start that is refused can be put nowhere and comes back for ever',
    mend: [
      createQueueLine(options, deadNameOf(queue), RIGHT_DEAD),
      setRedrive(options, queue, deadArnOf(queue)),
    ],
  };
}

function forbidden(which: string): Finding {
  return {
    severity: 'warning',
    what: `${which} cannot be looked at: sqs:GetQueueAttributes and sqs:GetQueueUrl are missing there`,
    why: 'whether refused starts can be put there was not checked',
  };
}

function notFifo(options: SqsOptions, queue: QueueAttributes, which: string): Finding {
  return {
    severity: 'error',
    what: `${which} is not a FIFO queue`,
    why: 'SQS moves nothing from a FIFO queue to it and refuses what workers send it',
    mend: [
      createQueueLine(options, deadNameOf(queue), RIGHT_DEAD),
      setRedrive(options, queue, deadArnOf(queue)),
    ],
  };
}

const RIGHT_DEAD = { MessageRetentionPeriod: String(LONGEST_RETENTION_S) };

function setRedrive(options: SqsOptions, queue: QueueAttributes, targetArn: string): string {
  const policy = { deadLetterTargetArn: targetArn, maxReceiveCount: String(MAX_RECEIVES) };
  return setAttributesLine(options, queue.url, { RedrivePolicy: JSON.stringify(policy) });
}

function deadNameOf({ url }: QueueAttributes): string {
  return `${url
    .split('/')
    .at(-1)
    ?.replace(/\.fifo$/, '')}-dead.fifo`;
}

function deadArnOf(queue: QueueAttributes): string {
  return arnOf(`/${deadNameOf(queue)}`, queue);
}

/** The ARN of a queue beside this one. */
function arnOf(url: string, { arn }: QueueAttributes): string {
  return [...arn.split(':').slice(0, -1), url.split('/').at(-1)].join(':');
}
