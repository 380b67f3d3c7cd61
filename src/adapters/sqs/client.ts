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

/** Two clients: a long poll holds its socket for up to 20 s and must not keep a beat waiting. */
export interface SqsClients extends Disposable {
  readonly poll: SQSClient;
  readonly quick: SQSClient;
}

const CONNECT_LIMIT_MS = 2_000;
const QUICK_LIMIT_MS = 3_000;
/** The queue's longest wait and some air. */
const POLL_LIMIT_MS = 25_000;

export function makeSqsClients(options: SqsOptions): SqsClients {
  const poll = makeClient(options, POLL_LIMIT_MS);
  const quick = makeClient(options, QUICK_LIMIT_MS);
  return {
    poll,
    quick,
    [Symbol.dispose]() {
      poll.destroy();
      quick.destroy();
    },
  };
}

/** Retries are ours to decide: a beat's pace and a receive's attempt id depend on them. */
function makeClient({ region, endpoint }: SqsOptions, requestTimeout: number): SQSClient {
  return new SQSClient({
    region,
    ...(endpoint !== undefined && { endpoint }),
    maxAttempts: 1,
    requestHandler: {
      requestTimeout,
      // Without this the SDK only warns and waits on.
      throwOnRequestTimeout: true,
      connectionTimeout: CONNECT_LIMIT_MS,
      httpAgent: { maxSockets: 200, keepAlive: true },
      httpsAgent: { maxSockets: 200, keepAlive: true },
    },
  });
}
