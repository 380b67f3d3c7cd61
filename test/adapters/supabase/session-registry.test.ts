import { describe, expect, it } from 'vitest';
import { makeSupabase } from '../../../src/adapters/supabase/client.ts';
import { makeSessionRegistry } from '../../../src/adapters/supabase/session-registry.ts';
import type { SessionRegistry } from '../../../src/ports/session-registry.ts';
import { useDatabase } from '../../support/stack.ts';

/** How a project may have made its table, with an id of each type that one can be asked for. */
const TABLES = [
  ['text', 'as it stands', ''],
  ['uuid', 'as it stands', ''],
  ['bigint', 'as it stands', ''],
  ['text', 'with a default', `alter table sessions alter id set default 'made:' || random()`],
  ['uuid', 'with a default', 'alter table sessions alter id set default gen_random_uuid()'],
  ['bigint', 'as an identity', 'alter table sessions alter id add generated always as identity'],
] as const;

describe.each(TABLES)('a sessions.id of type %s, %s', (idType, _how, change) => {
  const database = useDatabase({ idType });

  it('gets rows with ids of its own, which can be taken back', async () => {
    if (change !== '') await database().sql(change);
    const registry = makeSessionRegistry(makeSupabase(database()));
    const characterId = idType === 'uuid' ? crypto.randomUUID() : '42';
    const ids = [
      await registry.add({ characterId, chatLines: false }),
      await registry.add({ characterId, chatLines: true }),
    ];
    const rows = await database().sql(
      'select id::text, character_id::text, chat_lines from sessions',
    );
    expect(rows).toEqual([
      { id: ids[0], character_id: characterId, chat_lines: false },
      { id: ids[1], character_id: characterId, chat_lines: true },
    ]);
    await registry.remove(ids[0]!);
    expect(await database().sql('select id::text from sessions')).toEqual([{ id: ids[1] }]);
  });
});

describe('a table that asks for more', () => {
  const database = useDatabase();
  const add = (registry: SessionRegistry): Promise<string> =>
    registry.add({ characterId: '1', chatLines: false });

  it('is no caller’s fault, and the error says what to change', async () => {
    await database().sql('alter table sessions add column owner text not null');
    const registry = makeSessionRegistry(makeSupabase(database()));
    await expect(add(registry)).rejects.toMatchObject({
      kind: 'not-ready',
      fault: 'fleet',
      message: expect.stringContaining('give the other columns defaults'),
    });
    await database().sql(`alter table sessions alter owner set default 'nobody'`);
    await expect(add(registry)).resolves.toBeTypeOf('string');
  });
});
