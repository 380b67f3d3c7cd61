import { TroupeError } from '../../errors.ts';
import type { ErrorDetails } from '../../errors.ts';

/** Why a request failed. */
export interface Failure {
  /** Of HTTP; 0 is a request without an answer. */
  readonly status: number;
  /** SQLSTATE or PGRST code; empty when a gateway answered. */
  readonly code: string;
  /** The body as it came: it may quote what was asked or written. */
  readonly body: unknown;
}

/** Reads the error that supabase-js hands back instead of throwing; a gateway's may be any JSON. */
export function toFailure(status: number, body: unknown): Failure {
  const code = typeof body === 'object' && body !== null && 'code' in body ? body.code : '';
  return { status, code: typeof code === 'string' ? code : '', body };
}

/**
 * Turns a failure into the product's error. Its message is ours and carries the code only: the
 * database's own words may quote what was to be written.
 */
export function describeFailure(doing: string, failure: Failure): TroupeError {
  const known = KINDS.find((one) => one.holds(failure));
  const { kind, fault, say } = known ?? FALLBACK;
  const code = failure.code || `HTTP ${failure.status}`;
  return new TroupeError(`${doing}: ${say} (${code})`, {
    kind,
    fault,
    service: 'database',
    cause: failure,
  });
}

/** Whether the schema lacks what was asked for: a table, a column, a function. */
export function isMissing({ code }: Failure): boolean {
  return MISSING.has(code);
}

/** A table (42P01, PGRST205), a function (42883, PGRST202) or a column (42703, PGRST204). */
const MISSING = new Set(['42P01', 'PGRST205', '42883', 'PGRST202', '42703', 'PGRST204']);

/** The key is valid, but its role may not (42501) or is none of this database's (22023). */
const WRONG_ROLE = new Set(['42501', '22023']);

type Kind = Pick<ErrorDetails, 'kind' | 'fault'> & { readonly say: string };

/** The first line that holds decides. */
const KINDS: readonly (Kind & { readonly holds: (failure: Failure) => boolean })[] = [
  {
    holds: ({ status, code }) =>
      status === 401 || status === 403 || WRONG_ROLE.has(code) || code.startsWith('PGRST30'),
    kind: 'auth',
    fault: 'fleet',
    say: 'the database refused the key in SUPABASE_SERVICE_ROLE',
  },
  {
    holds: isMissing,
    kind: 'not-ready',
    fault: 'fleet',
    say: 'the database lacks a table, column or function: run the migrations in supabase/migrations',
  },
  {
    holds: ({ status }) => status === 429,
    kind: 'quota',
    fault: 'fleet',
    say: 'the database asks for fewer requests',
  },
  {
    // PostgREST answers 400 without a code when its connection to the database breaks.
    holds: ({ status, code }) => status === 0 || status >= 500 || (status === 400 && code === ''),
    kind: 'unavailable',
    fault: 'fleet',
    say: 'the database does not answer',
  },
  {
    // What one room wanted to write or look up is no one else's trouble.
    holds: ({ status, code }) => isDataError(code) || TOO_LARGE.has(status),
    kind: 'rejected',
    fault: 'room',
    say: 'the database cannot take this value',
  },
];

const FALLBACK: Kind = {
  kind: 'rejected',
  fault: 'fleet',
  say: 'the database did not understand the request: does SUPABASE_URL name a Supabase project?',
};

/** Whether a value was at fault: its data (22; an id that is no uuid, a NUL) or a constraint (23). */
export function isDataError(code: string): boolean {
  return /^2[23]/.test(code) && !WRONG_ROLE.has(code);
}

/** A gateway's bounds of body, address and headers, and PostgreSQL's of a value (54 comes as 413). */
const TOO_LARGE: ReadonlySet<number> = new Set([413, 414, 431]);
