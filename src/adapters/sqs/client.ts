import { SQSClient } from '@aws-sdk/client-sqs';

/** How the queue is reached. Credentials come from the SDK's own chain. */
export interface SqsOptions {
  readonly queueUrl: string;
  readonly region: string;
  /** Another server than AWS. */
  readonly endpoint?: string | undefined;
  /** Default: the target of the queue's redrive policy. */
  readonly deadLetterUrl?: string | undefined;
}

const CONNECT_LIMIT_MS = 2_000;
/** Above what any worker has under way: a long poll holds its socket and must not keep a beat waiting. */
const MAX_SOCKETS = 200;
/** What a burst opened beyond these is closed once it is idle: queues keep theirs open for minutes. */
const MAX_IDLE_SOCKETS = 16;

/** Retries are ours to decide: a beat's pace and a receive's attempt id depend on them. */
export function makeSqsClient({ region, endpoint }: SqsOptions): SQSClient {
  const agent = { maxSockets: MAX_SOCKETS, maxFreeSockets: MAX_IDLE_SOCKETS, keepAlive: true };
  return new SQSClient({
    region,
    ...(endpoint !== undefined && { endpoint }),
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: CONNECT_LIMIT_MS,
      httpAgent: agent,
      httpsAgent: agent,
    },
  });
}
