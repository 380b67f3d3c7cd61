import { TroupeError } from '../../errors.ts';
import type { ErrorDetails } from '../../errors.ts';

/** What supabase-js hands back instead of throwing; `status` 0 is a request without an answer. */
export interface Failure {
  readonly status: number;
  /** SQLSTATE or PGRST code; absent or empty when a gateway answered. */
  readonly code?: string | undefined;
  readonly message: string;
}

/**
 * Turns a failure into the product's error. Its message carries codes only, except where the schema
 * is wrong: the database's own words may quote what was to be written.
 */
export function describeFailure(doing: string, failure: Failure): TroupeError {
  const known = KINDS.find((one) => one.holds(failure, failure.code ?? ''));
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
export function isMissing({ code = '' }: Failure): boolean {
  return MISSING.has(code);
}

/** A table (42P01, PGRST205), a function (42883, PGRST202) or a column (42703, PGRST204). */
const MISSING = new Set(['42P01', 'PGRST205', '42883', 'PGRST202', '42703', 'PGRST204']);

type Kind = Pick<ErrorDetails, 'kind' | 'fault'> & { readonly say: string };

/** The first line that holds decides. */
const KINDS: readonly (Kind & { readonly holds: (failure: Failure, code: string) => boolean })[] = [
  {
    // 42501 comes with 401 or 403: the key is valid, but its role may not.
    holds: ({ status }, code) =>
      status === 401 || status === 403 || code === '42501' || code.startsWith('PGRST30'),
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
    holds: ({ status }, code) => status === 0 || status >= 500 || (status === 400 && code === ''),
    kind: 'unavailable',
    fault: 'fleet',
    say: 'the database does not answer',
  },
  {
    // Data (22) or constraint (23): what one room wanted to write or look up, no one else's trouble.
    holds: (_failure, code) => isDataError(code),
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

/** Whether a value was at fault, such as an id that cannot be one: no uuid, no number, a NUL. */
export function isDataError(code = ''): boolean {
  return /^2[23]/.test(code);
}
