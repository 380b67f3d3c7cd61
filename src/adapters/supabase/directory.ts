import type { z } from 'zod';
import { TroupeError } from '../../errors.ts';
import type { Directory } from '../../ports/directory.ts';
import { readRow } from './call.ts';
import { checkDatabase } from './check.ts';
import type { Supabase } from './client.ts';
import { CHARACTER_COLUMNS, characterRow, SESSION_COLUMNS, sessionRow } from './rows.ts';

/** The user's own tables `sessions` and `characters` in Supabase. */
export function makeDirectory(supabase: Supabase): Directory {
  return {
    async loadSession(id, signal) {
      const row = await readRow(supabase, 'sessions', SESSION_COLUMNS, id, signal);
      return row === undefined ? undefined : parse(sessionRow, row, `session ${id}`);
    },
    async loadCharacter(id, signal) {
      const row = await readRow(supabase, 'characters', CHARACTER_COLUMNS, id, signal);
      return row === undefined ? undefined : parse(characterRow, row, `character ${id}`);
    },
    check: (signal) => checkDatabase(supabase, signal),
  };
}

/** @throws TroupeError `rejected`, the room's fault: its owner must mend the row. */
function parse<T>(schema: z.ZodType<T>, row: unknown, what: string): T {
  const parsed = schema.safeParse(row);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ message }) => message).join(', ');
  throw new TroupeError(`${what} has ${issues}`, {
    kind: 'rejected',
    fault: 'room',
    service: 'database',
    cause: parsed.error,
  });
}
