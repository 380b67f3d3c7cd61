import { z } from 'zod';
import { isTroupeError, TroupeError } from '../../errors.ts';
import { callFunction, probeColumns } from './call.ts';
import type { Supabase } from './client.ts';
import { describeFailure, isMissing } from './failure.ts';
import { CHARACTER_COLUMNS, SESSION_COLUMNS, SUMMARY_COLUMNS } from './rows.ts';

/**
 * Asserts that the key is the service role's and that the migrations ran. The function that tells
 * the schema's version may be called by the service role alone, so one question answers both,
 * whatever kind of key it is.
 * @throws TroupeError `auth` for another key, `not-ready` naming all that is missing.
 */
export async function checkDatabase(supabase: Supabase, signal?: AbortSignal): Promise<void> {
  const missing = [
    ...(await findMissingFunction(supabase, signal)),
    ...(
      await Promise.all(
        Object.entries(NEEDED).map(([table, columns]) =>
          findMissing(supabase, table, columns, signal),
        ),
      )
    ).flat(),
  ];
  if (missing.length === 0) return;
  throw new TroupeError(
    `the database lacks ${missing.join(', ')}: run the migrations in supabase/migrations`,
    { kind: 'not-ready', fault: 'fleet', service: 'database' },
  );
}

/** The version of the schema that this program is written for: the one of the last migration. */
const SCHEMA_VERSION = 6;

/** What we read of the user's tables, and one column of each of ours: those come as a whole. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  sessions: SESSION_COLUMNS,
  characters: [...new Set([...CHARACTER_COLUMNS, ...SUMMARY_COLUMNS])],
  leases: ['epoch'],
  ended_sessions: ['session'],
  contexts: ['epoch'],
  inbox: ['epoch'],
  turns: ['epoch'],
  usage: ['id'],
};

async function findMissingFunction(
  supabase: Supabase,
  signal: AbortSignal | undefined,
): Promise<readonly string[]> {
  try {
    const version = await callFunction(supabase, 'troupe_schema_version', {}, z.int(), signal);
    return version >= SCHEMA_VERSION ? [] : [`schema version ${SCHEMA_VERSION} (has ${version})`];
  } catch (error) {
    if (isTroupeError(error, 'not-ready')) return ['function troupe_schema_version'];
    throw error;
  }
}

async function findMissing(
  supabase: Supabase,
  table: string,
  columns: readonly string[],
  signal: AbortSignal | undefined,
): Promise<readonly string[]> {
  const failure = await probeColumns(supabase, table, columns, signal);
  if (failure === undefined) return [];
  if (!isMissing(failure)) throw describeFailure(table, failure);
  if (!NO_COLUMN.has(failure.code)) return [`table ${table}`];
  if (columns.length === 1) return [`column ${table}.${columns[0]?.replace(/::.*/, '')}`];
  const each = columns.map((column) => findMissing(supabase, table, [column], signal));
  return (await Promise.all(each)).flat();
}

const NO_COLUMN: ReadonlySet<string> = new Set(['42703', 'PGRST204']);
