import type { z } from 'zod';
import { TroupeError } from '../../errors.ts';
import { systemClock } from '../../lib/clock.ts';
import { DeadlineExceeded, withDeadline } from '../../lib/deadline.ts';
import type { Supabase } from './client.ts';
import { describeFailure, isDataError, toFailure } from './failure.ts';
import type { Failure } from './failure.ts';

/** What supabase-js answers, of any query; `error` is whatever JSON an error's body held. */
interface Answer {
  readonly data: unknown;
  readonly error: unknown;
  readonly status: number;
}

/** A query that has not been sent yet. */
interface Query {
  abortSignal(signal: AbortSignal): PromiseLike<Answer>;
}

/**
 * Calls one of our SQL functions.
 * @throws TroupeError of service `database`; the signal's reason when that aborts first.
 */
export async function callFunction<T>(
  supabase: Supabase,
  name: string,
  args: Readonly<Record<string, unknown>>,
  schema: z.ZodType<T>,
  signal?: AbortSignal,
): Promise<T> {
  const answer = await sendQuery(supabase, name, supabase.api.rpc(name, args), signal);
  if ('failure' in answer) throw describeFailure(name, answer.failure);
  const parsed = schema.safeParse(answer.data);
  if (parsed.success) return parsed.data;
  throw new TroupeError(`${name}: the database answered in an unknown shape`, {
    kind: 'malformed',
    fault: 'fleet',
    service: 'database',
    cause: parsed.error,
  });
}

/**
 * The row of a table with this id, unparsed; undefined if there is none. Columns may be cast
 * (`id::text`), the comparison is in the column's own type.
 * @throws TroupeError of service `database`; the signal's reason when that aborts first.
 */
export async function readRow(
  supabase: Supabase,
  table: string,
  columns: readonly string[],
  id: string,
  signal?: AbortSignal,
): Promise<unknown> {
  const query = supabase.api.from(table).select(columns.join(',')).eq('id', id).limit(1);
  const answer = await sendQuery(supabase, table, query, signal);
  if (!('failure' in answer)) return firstOf(table, answer.data);
  // An id that the column's type cannot hold is one that no row has.
  if (isDataError(answer.failure.code)) return undefined;
  throw describeFailure(table, answer.failure);
}

/** Why columns of a table cannot be read, or undefined: no row is fetched. */
export async function probeColumns(
  supabase: Supabase,
  table: string,
  columns: readonly string[],
  signal?: AbortSignal,
): Promise<Failure | undefined> {
  const query = supabase.api.from(table).select(columns.join(',')).limit(0);
  const answer = await sendQuery(supabase, table, query, signal);
  return 'failure' in answer ? answer.failure : undefined;
}

/** supabase-js takes an empty 404 for an answer without data: that is no list of rows. */
function firstOf(table: string, data: unknown): unknown {
  if (!Array.isArray(data)) throw describeFailure(table, toFailure(404, null));
  return data[0];
}

/**
 * Sends a query and waits for its answer, or for why there is none.
 * @throws TroupeError `timeout`; the signal's reason when that aborts first.
 */
export async function sendQuery(
  { timeoutMs }: Supabase,
  doing: string,
  query: Query,
  signal: AbortSignal | undefined,
): Promise<{ readonly data: unknown } | { readonly failure: Failure }> {
  const ask = async (limited: AbortSignal): Promise<Answer> => await query.abortSignal(limited);
  try {
    const { data, error, status } = await withDeadline(systemClock, timeoutMs, ask, signal);
    if (error === null && status < 400) return { data };
    return { failure: toFailure(status, error) };
  } catch (cause) {
    if (!(cause instanceof DeadlineExceeded)) throw cause;
    throw new TroupeError(`${doing}: no answer from the database within ${timeoutMs} ms`, {
      kind: 'timeout',
      fault: 'fleet',
      service: 'database',
      cause,
    });
  }
}
