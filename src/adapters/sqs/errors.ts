import { TroupeError } from '../../errors.ts';
import type { ErrorKind } from '../../errors.ts';

/** What a call to SQS threw, as one of our kinds. */
export function toQueueError(error: unknown): TroupeError {
  const { name, status } = describe(error);
  const kind = kindOf(name, status);
  return new TroupeError(`${WORDS[kind]} (${name})`, {
    kind,
    fault: 'fleet',
    service: 'queue',
    cause: error,
  });
}

/** Whether SQS says that a receipt is worthless: it lapsed, or a later receive replaced it. */
export function isExpiredReceipt(error: unknown): boolean {
  const { name, message } = error as { readonly name?: unknown; readonly message?: unknown };
  const code = String(name).replace(/^AWS\.SimpleQueueService\./, '');
  if (EXPIRED.has(code)) return true;
  return code.startsWith('InvalidParameterValue') && /receipt|visib|timeout/i.test(String(message));
}

const EXPIRED: ReadonlySet<string> = new Set([
  'MessageNotInflight',
  'ReceiptHandleIsInvalid',
  'InvalidReceiptHandle',
]);

const WORDS = {
  auth: 'the queue refused our credentials: check the AWS keys or role',
  quota: 'the queue is throttling us',
  timeout: 'the queue did not answer in time',
  unavailable: 'the queue is not available',
  rejected: 'the queue rejected the request: check SQS_QUEUE_URL',
} as const satisfies Partial<Record<ErrorKind, string>>;

const AUTH =
  /AccessDenied|InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch|ExpiredToken|CredentialsProvider|InvalidAccessKeyId|KmsAccessDenied/;

function kindOf(name: string, status: number | undefined): keyof typeof WORDS {
  if (AUTH.test(name) || status === 401 || status === 403) return 'auth';
  if (/Throttl|OverLimit|RequestLimit/.test(name) || status === 429) return 'quota';
  if (/Timeout|Abort|DeadlineExceeded/.test(name)) return 'timeout';
  if (status === undefined || status >= 500) return 'unavailable';
  return 'rejected';
}

function describe(error: unknown): { readonly name: string; readonly status: number | undefined } {
  if (!(error instanceof Error)) return { name: typeof error, status: undefined };
  const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
  return { name: error.name, status: $metadata?.httpStatusCode };
}
