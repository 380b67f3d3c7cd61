import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { makeSupabase } from '../../../src/adapters/supabase/client.ts';
import { makeDirectory } from '../../../src/adapters/supabase/directory.ts';
import type { Directory } from '../../../src/ports/directory.ts';
import { useDatabase } from '../../support/stack.ts';

const database = useDatabase();
const directory = (): Directory => makeDirectory(makeSupabase(database()));

/** Writes a row that is good but for these columns, and reads it. */
async function readCharacter(columns: Readonly<Record<string, string | null>>): Promise<unknown> {
  const row = { id: randomUUID(), name: 'Ada', description: 'You are Ada.', ...columns };
  const places = Object.keys(row).map((_name, index) => `$${index + 1}`);
  await database().sql(
    `insert into characters (${Object.keys(row).join(', ')}) values (${places.join(', ')})`,
    Object.values(row),
  );
  return await directory().loadCharacter(row.id);
}

it.each([
  ['no prompt: its column description is empty', { description: null }],
  ['no prompt: its column description is empty', { description: ' \n ' }],
  ['no name', { name: null }],
  ['no name', { name: '' }],
  ['no name, no prompt: its column description is empty', { name: null, description: null }],
  ['an addressing that is no object', { addressing: '"named"' }],
  ['an addressing that is no object', { addressing: '[]' }],
  ['an addressing rule that is not auto, always or named', { addressing: '{"rule": "sometimes"}' }],
  ['names to listen to that are no list of texts', { addressing: '{"names": "Mia"}' }],
  ['phrases to listen to that are no list of texts', { addressing: '{"phrases": [1]}' }],
])('a character that cannot be played has %s, by the room’s fault', async (problem, columns) => {
  await expect(readCharacter(columns)).rejects.toMatchObject({
    message: expect.stringMatching(new RegExp(`^character [0-9a-f-]{36} has ${problem}$`)),
    kind: 'rejected',
    fault: 'room',
    service: 'database',
    retryable: false,
  });
});

it.each([
  ['spaces around words', { name: ' Ada ', model: ' a/model ' }, { name: 'Ada', model: 'a/model' }],
  ['an underscore in the language', { language: 'ja_jp' }, { language: 'ja-JP' }],
  ['a language that nobody speaks', { language: 'Klingon!' }, { language: 'en' }],
  ['an empty language', { language: '' }, { language: 'en' }],
  ['a language to be found out', { language: ' Auto ' }, { language: 'en', detectsLanguage: true }],
  [
    'an addressing that says little',
    { addressing: '{"names": ["Mia"], "more": 1}' },
    { addressing: { rule: 'auto', names: ['Mia'], phrases: [] } },
  ],
  [
    'an addressing of null',
    { addressing: 'null' },
    { addressing: { rule: 'auto', names: [], phrases: [] } },
  ],
])('%s is taken in good faith', async (_what, columns, expected) => {
  expect(await readCharacter(columns)).toMatchObject(expected);
});

it('an empty model or greeting is none', async () => {
  const character = await readCharacter({ model: '', greeting: ' ' });
  expect(character).toMatchObject({ model: undefined, greeting: undefined });
});

it('a session that names an empty character names none; one without a wish has chat lines', async () => {
  await database().sql(`insert into sessions values ('odd', '', null)`);
  expect(await directory().loadSession('odd')).toEqual({
    id: 'odd',
    characterId: undefined,
    chatLines: true,
  });
});
