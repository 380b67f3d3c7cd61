import { randomInt, randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { Database } from '../../dev/database/database.ts';
import { makeSupabase } from '../../src/adapters/supabase/client.ts';
import { makeDirectory } from '../../src/adapters/supabase/directory.ts';
import type { Directory } from '../../src/ports/directory.ts';
import { makeFakeDirectory } from '../support/fake-directory.ts';
import { useDatabase } from '../support/stack.ts';
import { directoryContract } from './directory.ts';
import type { DirectoryWorld } from './directory.ts';

const NEW_IDS = {
  uuid: randomUUID,
  text: () => `a "room" & it’s \\ 100 % – (${randomUUID()}), .eq=*`,
  // Beyond what a number of JavaScript can tell apart.
  bigint: () => String(9_007_199_254_740_993n + 2n * BigInt(randomInt(2 ** 40))),
} as const;

describe.each(['uuid', 'text', 'bigint'] as const)('in a database with %s ids', (idType) => {
  const database = useDatabase({ idType, migrated: false });

  let before: unknown;
  // A database as its owner has it: only sessions(id, character_id), characters(id, name, description).
  beforeAll(async () => {
    const { directory } = worldOf(database(), idType);
    before = await directory.check().catch((error: unknown) => error);
    await database().migrate();
    await whenReady(directory);
  });

  test('a start before the migrations stops and names all that is missing', () => {
    expect(before).toMatchObject({ kind: 'not-ready', fault: 'fleet', service: 'database' });
    expect((before as Error).message).toBe(
      'the database lacks function troupe_schema_version, column sessions.chat_lines, ' +
        'column sessions.record, ' +
        'column characters.language, column characters.model, column characters.greeting, ' +
        'column characters.addressing, column characters.talk_mode, column characters.voice, ' +
        'column characters.stt, column characters.tts, column characters.record, ' +
        'column characters.tagline, table leases, ' +
        'table ended_sessions, table contexts, table inbox, table turns, table usage: ' +
        'run the migrations in supabase/migrations',
    );
  });

  directoryContract(() => worldOf(database(), idType));

  test('the migrations may run again, and take nothing away', async () => {
    const { directory, putCharacter, newId } = worldOf(database(), idType);
    const id = newId();
    await putCharacter({ id, language: 'ja' });
    await database().migrate();
    await whenReady(directory);
    expect(await directory.loadCharacter(id)).toMatchObject({ id, language: 'ja' });
  });
});

describe('in memory', () => {
  const directory = makeFakeDirectory();
  directoryContract(() => ({
    directory,
    putSession: async (session) => directory.putSession(session),
    putCharacter: async (character) => directory.putCharacter(character),
    newId: randomUUID,
  }));
});

/** PostgREST is told of a migration, and reads the schema again in its own time. */
async function whenReady(directory: Directory): Promise<void> {
  await vi.waitFor(() => directory.check(), { timeout: 10_000, interval: 20 });
}

function worldOf(database: Database, idType: keyof typeof NEW_IDS): DirectoryWorld {
  return {
    directory: makeDirectory(makeSupabase(database)),
    newId: NEW_IDS[idType],
    async putSession({ id, characterId, chatLines }) {
      await database.sql('insert into sessions values ($1, $2, $3)', [
        id,
        characterId ?? null,
        chatLines ?? null,
      ]);
    },
    async putCharacter({ id, name, prompt, ...optional }) {
      const { language, model, greeting, addressing } = optional;
      await database.sql(
        `insert into characters (id, name, description, language, model, greeting, addressing)
         values ($1, $2, $3, $4, $5, $6, $7)`,
        [
          id,
          name ?? 'Ada',
          prompt ?? 'You are Ada.',
          language ?? null,
          model ?? null,
          greeting ?? null,
          addressing === undefined ? null : JSON.stringify(addressing),
        ],
      );
    },
  };
}
