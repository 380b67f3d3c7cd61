import type { Finding } from '../../ports/check.ts';
import type { QueueAttributes } from './attributes.ts';
import { createQueueLine, setAttributesLine } from './aws-line.ts';
import type { SqsOptions } from './client.ts';

/** How the queue of activations is to be set up (docs/scaling.md says why). */
export const RIGHT_ATTRIBUTES = {
  DeduplicationScope: 'messageGroup',
  FifoThroughputLimit: 'perMessageGroupId',
  ContentBasedDeduplication: 'false',
  MessageRetentionPeriod: '86400',
  VisibilityTimeout: '60',
  ReceiveMessageWaitTimeSeconds: '20',
  DelaySeconds: '0',
} as const;

/** Holds the queue of activations, its redrive aside, against what the fleet relies on. */
export function judgeQueue(options: SqsOptions, queue: QueueAttributes): readonly Finding[] {
  if (!queue.isFifo) return [notFifo(options)];
  return RULES.filter(({ breaks }) => breaks(queue)).map(({ severity, what, why, attributes }) => ({
    severity,
    what: what(queue),
    why,
    mend: [setAttributesLine(options, queue.url, pick(attributes))],
  }));
}

type Name = keyof typeof RIGHT_ATTRIBUTES;

interface Rule {
  readonly severity: Finding['severity'];
  readonly breaks: (queue: QueueAttributes) => boolean;
  readonly what: (queue: QueueAttributes) => string;
  readonly why: string;
  /** Those to be set right. */
  readonly attributes: readonly Name[];
}

const HOUR_S = 3_600;
/** A worker rolls a room over to a new message after 11.5 h at the latest, SQS after 12 h. */
const LONGEST_FLIGHT_S = 12 * HOUR_S;
const DAY_S = 24 * HOUR_S;

const RULES: readonly Rule[] = [
  {
    severity: 'warning',
    breaks: ({ deduplicationScope: scope, throughputLimit: limit }) =>
      scope !== 'messageGroup' || limit !== 'perMessageGroupId',
    what: ({ deduplicationScope: scope, throughputLimit: limit }) =>
      `high throughput is off (DeduplicationScope ${scope}, FifoThroughputLimit ${limit})`,
    why:
      'the whole queue then takes 300 calls a second of each kind, which a burst of starts exceeds, ' +
      'and a deduplication id that two rooms share swallows the second start',
    attributes: ['DeduplicationScope', 'FifoThroughputLimit'],
  },
  {
    severity: 'warning',
    breaks: ({ deduplicatesByContent }) => deduplicatesByContent,
    what: () => 'content-based deduplication is on',
    why:
      'a start that carries no id of its own is swallowed if the same body was sent within five ' +
      'minutes, so that a room cannot be called back (docs/protocol.md)',
    attributes: ['ContentBasedDeduplication'],
  },
  {
    severity: 'error',
    breaks: ({ retentionS }) => retentionS < LONGEST_FLIGHT_S,
    what: ({ retentionS }) => `messages are kept for ${retentionS} s only`,
    why:
      'time in flight counts, and a room may stay on one message for twelve hours: it would lose its ' +
      'message, and nobody would take it over after a crash',
    attributes: ['MessageRetentionPeriod'],
  },
  {
    severity: 'warning',
    breaks: ({ retentionS }) => retentionS >= LONGEST_FLIGHT_S && retentionS < DAY_S,
    what: ({ retentionS }) => `messages are kept for ${retentionS} s, which is less than a day`,
    why: 'a start that waited for hours and then runs for twelve loses its message on the way',
    attributes: ['MessageRetentionPeriod'],
  },
  {
    severity: 'warning',
    breaks: ({ retentionS }) => retentionS > 4 * DAY_S,
    what: ({ retentionS }) => `messages are kept for ${Math.round(retentionS / DAY_S)} days`,
    why: 'after a long outage bots would be sent into rooms that nobody has been in for days',
    attributes: ['MessageRetentionPeriod'],
  },
  {
    severity: 'warning',
    breaks: ({ visibilityS }) => visibilityS === 0 || visibilityS > 5 * 60,
    what: ({ visibilityS }) => `its own visibility timeout is ${visibilityS} s`,
    why:
      'workers bring theirs (VISIBILITY_TIMEOUT_S), but whoever looks at messages by hand hides a ' +
      'start for that long, or with 0 not at all while a worker could take it too',
    attributes: ['VisibilityTimeout'],
  },
  {
    severity: 'warning',
    breaks: ({ waitS }) => waitS === 0,
    what: () => 'its own receive wait time is 0 s',
    why:
      'workers bring theirs (RECEIVE_WAIT_S), but a look by hand asks only some of the servers of SQS ' +
      'and may see an empty queue that is not',
    attributes: ['ReceiveMessageWaitTimeSeconds'],
  },
  {
    severity: 'warning',
    breaks: ({ delayS }) => delayS > 0,
    what: ({ delayS }) => `every message is delayed by ${delayS} s`,
    why: 'each start and each handover leaves its room without a bot for that long',
    attributes: ['DelaySeconds'],
  },
];

function notFifo(options: SqsOptions): Finding {
  const name =
    options.queueUrl
      .split('/')
      .at(-1)
      ?.replace(/\.fifo$/, '') ?? 'activations';
  const { ContentBasedDeduplication: _off, ...attributes } = RIGHT_ATTRIBUTES;
  return {
    severity: 'error',
    what: 'the queue is not a FIFO queue',
    why: 'only groups keep two bots out of one room; a queue cannot be changed, another one is needed',
    mend: [createQueueLine(options, `${name}.fifo`, attributes)],
  };
}

function pick(names: readonly Name[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [name, RIGHT_ATTRIBUTES[name]]));
}
