/** Whose fault an error is: only `room` faults may end a room; the others stop receiving instead. */
export type Fault = 'room' | 'provider' | 'fleet';

/**
 * The closed set of failures that the product decides about. Adapters turn vendor errors into one
 * of these; everything above them switches on `kind` and never on a vendor's class or text.
 *
 * - `auth`: the other side refused our key (401, or 403 of queue, database, LiveKit)
 * - `forbidden`: a provider refused this model, voice or content (403): the character's or the turn's
 * - `quota`: rate limit or credits (429, 402)
 * - `timeout`: no answer within the deadline
 * - `unavailable`: not reachable, cut, or answering 5xx
 * - `rejected`: understood and refused (other 4xx, unknown model)
 * - `malformed`: bytes from outside that do not fit their schema
 * - `not-found`: a row that must exist does not
 * - `not-ready`: a service answers but is not set up (migrations missing, wrong role)
 * - `lease-lost`: another worker holds the room now
 */
export type ErrorKind =
  | 'auth'
  | 'forbidden'
  | 'quota'
  | 'timeout'
  | 'unavailable'
  | 'rejected'
  | 'malformed'
  | 'not-found'
  | 'not-ready'
  | 'lease-lost';

/** What {@link TroupeError} is built from. */
export interface ErrorDetails {
  readonly kind: ErrorKind;
  readonly fault: Fault;
  /** The service that failed, as a log reader knows it: `queue`, `database`, `livekit`, `llm`; or ours. */
  readonly service: string;
  /** Whether the same call may succeed later without anybody changing anything. Default: by kind. */
  readonly retryable?: boolean;
  /** How long the other side asked us to wait, in ms. */
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

/** Every failure that the product decides about; the vendor's error stays in `cause`. */
export class TroupeError extends Error {
  override readonly name = 'TroupeError';
  readonly kind: ErrorKind;
  readonly fault: Fault;
  readonly service: string;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;

  /** `message` says what was wrong and what to do; it never carries spoken text or keys. */
  constructor(message: string, details: ErrorDetails) {
    super(message, { cause: details.cause });
    this.kind = details.kind;
    this.fault = details.fault;
    this.service = details.service;
    this.retryable = details.retryable ?? RETRYABLE.has(details.kind);
    this.retryAfterMs = details.retryAfterMs;
  }
}

/** Whether `error` is ours and, where `kind` is given, of that kind. */
export function isTroupeError<K extends ErrorKind = ErrorKind>(
  error: unknown,
  kind?: K,
): error is TroupeError & { readonly kind: K } {
  return error instanceof TroupeError && (kind === undefined || error.kind === kind);
}

/** What a provider of models or voices can fail with. */
export type ProviderErrorKind = Exclude<ErrorKind, 'not-found' | 'not-ready' | 'lease-lost'>;

/** What such a provider says by an HTTP status of 400 and above. */
export function kindOfStatus(status: number): ProviderErrorKind {
  return BY_STATUS[status] ?? (status < 500 ? 'rejected' : 'unavailable');
}

/** By whose fault it is: a model, voice or content that is refused was the character's or the turn's. */
export function faultOfKind(kind: ProviderErrorKind): Fault {
  return kind === 'rejected' || kind === 'forbidden' ? 'room' : 'provider';
}

const BY_STATUS: Readonly<Record<number, ProviderErrorKind>> = {
  401: 'auth',
  402: 'quota',
  403: 'forbidden',
  408: 'timeout',
  429: 'quota',
};

const RETRYABLE: ReadonlySet<ErrorKind> = new Set(['quota', 'timeout', 'unavailable']);
