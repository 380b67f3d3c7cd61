import { randomInt } from 'node:crypto';
import { z } from 'zod';
import { TroupeError } from '../../errors.ts';
import { newId } from '../../lib/ids.ts';
import type { NewSession, SessionRegistry } from '../../ports/session-registry.ts';
import { sendQuery } from './call.ts';
import type { Supabase } from './client.ts';
import { describeFailure, isDataError } from './failure.ts';
import type { Failure } from './failure.ts';
import { listOfKnown } from './messages.ts';
import { SUMMARY_COLUMNS, summaryRow } from './rows.ts';

/** The user's own tables `sessions` and `characters`, as the API writes and lists them. */
export function makeSessionRegistry(supabase: Supabase): SessionRegistry {
  let makesIds = 0;
  return {
    async add(session, signal) {
      let last: Failure | undefined;
      // What the column's type takes shows at the first session, and stays so.
      for (const [way, makeId] of [...ID_MAKERS.entries()].slice(makesIds)) {
        const answer = await insertSession(supabase, makeId(), session, signal);
        if ('id' in answer) {
          makesIds = way;
          return answer.id;
        }
        last = answer.failure;
        if (!isDataError(last.code)) break;
      }
      throw describeRefused(last);
    },
    async remove(id, signal) {
      const query = supabase.api.from('sessions').delete().eq('id', id);
      const answer = await sendQuery(supabase, 'sessions', query, signal);
      if ('failure' in answer) throw describeFailure('sessions', answer.failure);
    },
    async listCharacters(limit, signal) {
      const query = supabase.api
        .from('characters')
        .select(SUMMARY_COLUMNS.join(','))
        .neq('name', '')
        .neq('description', '')
        .order('name')
        .order('id')
        .limit(limit);
      const answer = await sendQuery(supabase, 'characters', query, signal);
      if ('failure' in answer) throw describeFailure('characters', answer.failure);
      const listed = characterRows.safeParse(answer.data);
      if (!listed.success) throw describeFailure('characters', NO_ROWS);
      return listed.data;
    },
  };
}

/** In the order in which they are tried: a default of the column, a uuid or a text, a bigint. */
const ID_MAKERS: readonly (() => { readonly id?: string })[] = [
  () => ({}),
  () => ({ id: newId() }),
  () => ({ id: String(randomInt(1, 2 ** 47)) }),
];

async function insertSession(
  supabase: Supabase,
  id: { readonly id?: string },
  { characterId, chatLines }: NewSession,
  signal: AbortSignal | undefined,
): Promise<{ readonly id: string } | { readonly failure: Failure }> {
  const row = { ...id, character_id: characterId, chat_lines: chatLines };
  const query = supabase.api.from('sessions').insert(row).select('id::text');
  const answer = await sendQuery(supabase, 'sessions', query, signal);
  if ('failure' in answer) return answer;
  const inserted = insertedRows.safeParse(answer.data);
  return inserted.success ? inserted.data[0] : { failure: NO_ROWS };
}

const insertedRows = z.tuple([z.object({ id: z.string() })]);

/** A column that we know nothing of and that may not be empty is its owner's to fill. */
function describeRefused(failure: Failure | undefined): TroupeError {
  if (failure?.code !== NOT_NULL) return describeFailure('sessions', failure ?? NO_ROWS);
  return new TroupeError(
    'sessions: a row of id, character_id and chat_lines is refused: give the other columns defaults',
    { kind: 'not-ready', fault: 'fleet', service: 'database', cause: failure },
  );
}

const NOT_NULL = '23502';
/** supabase-js takes an empty 404 for an answer without data: that is no list of rows. */
const NO_ROWS: Failure = { status: 404, code: '', body: null };

const characterRows = listOfKnown(summaryRow);
