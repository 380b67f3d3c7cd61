import { describe, expect, test } from 'vitest';
import type { Database } from '../../dev/database/database.ts';
import { makeSupabase } from '../../src/adapters/supabase/client.ts';
import { makeLeaseTable } from '../../src/adapters/supabase/lease-table.ts';
import { makeMemoryStore } from '../../src/adapters/supabase/memory-store.ts';
import type { TurnRecord } from '../../src/ports/memory-store.ts';
import { makeFakeLeaseTable } from '../support/fake-lease-table.ts';
import { makeFakeMemoryStore } from '../support/fake-memory-store.ts';
import { useDatabase } from '../support/stack.ts';
import { memoryInboxContract } from './memory-inbox.ts';
import { memorySavesContract } from './memory-saves.ts';
import { said } from './memory-world.ts';
import type { MemoryWorld } from './memory-world.ts';

const contracts = [memorySavesContract, memoryInboxContract];

describe('in the database', () => {
  const database = useDatabase();
  const world = (): MemoryWorld => {
    const client = makeSupabase(database());
    return {
      leases: makeLeaseTable(client),
      store: makeMemoryStore(client),
      turns: (session) => readTurns(database(), session),
    };
  };
  for (const contract of contracts) contract(world);

  test('messages of a kind that this version does not know are left out, not fatal', async () => {
    const message = JSON.stringify(said('known'));
    await database().sql(`insert into contexts values ('newer', 'r', 1, 1, $1, now());`, [
      `[{"role": "tool", "id": "t"}, ${message}, 7]`,
    ]);
    expect(await world().store.load('newer')).toEqual({ version: 1, messages: [said('known')] });
    await database().sql(
      `insert into inbox (session, room, epoch, kind, key, message)
       values ('newer', 'r', 1, 'message', 't', '{"role": "tool"}'),
              ('newer', 'r', 1, 'message', 'k', $1)`,
      [message],
    );
    expect(await world().store.readInbox('newer')).toMatchObject([{ message: said('known') }]);
  });
});

describe('in memory', () => {
  const leases = makeFakeLeaseTable();
  const store = makeFakeMemoryStore(leases);
  const turns: MemoryWorld['turns'] = async (session) => store.turns(session);
  for (const contract of contracts) contract(() => ({ leases, store, turns }));
});

async function readTurns(database: Database, session: string): Promise<readonly TurnRecord[]> {
  const rows = await database.sql<{ turn: TurnRecord }>(
    `select jsonb_strip_nulls(jsonb_build_object(
       'id', id, 'at', extract(epoch from at) * 1000, 'outcome', outcome, 'model', model,
       'promptTokens', prompt_tokens, 'completionTokens', completion_tokens,
       'firstTokenMs', first_token_ms, 'firstSegmentMs', first_segment_ms,
       'durationMs', duration_ms, 'cost', cost)) as turn
     from turns where session = $1 order by ctid`,
    [session],
  );
  return rows.map(({ turn }) => turn);
}
