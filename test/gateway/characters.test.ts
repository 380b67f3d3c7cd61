import { afterEach, describe, expect, it } from 'vitest';
import { useGateway } from './gateway-world.ts';

const gateway = useGateway({ parts: ['livekit', 'queue', 'database'] });

const put = (rows: readonly unknown[]): Promise<unknown> =>
  gateway().stack.database.sql(
    `insert into characters (id, name, description, tagline)
     select * from json_to_recordset($1) as row (id text, name text, description text, tagline text)`,
    [JSON.stringify(rows)],
  );

afterEach(() => gateway().stack.database.sql('delete from characters'));

describe('GET /v1/characters', () => {
  it('lists by name those that can play, with a line for people and never the prompt', async () => {
    await put([
      { id: '2', name: 'Zoë', description: 'You are Zoë.', tagline: ' '.repeat(3) },
      { id: '1', name: 'ミア', description: 'You are Mia.', tagline: 'x'.repeat(300) },
      { id: '3', name: 'Ada', description: 'You are Ada.', tagline: ' Likes numbers. ' },
      { id: '4', name: 'No prompt', description: '' },
      { id: '5', name: 'No prompt either' },
      { id: '6', description: 'You have no name.' },
    ]);
    expect(await gateway().ask('/v1/characters')).toMatchObject({
      status: 200,
      body: {
        characters: [
          { id: '3', name: 'Ada', description: 'Likes numbers.' },
          { id: '2', name: 'Zoë' },
          { id: '1', name: 'ミア', description: 'x'.repeat(200) },
        ],
      },
    });
  });

  it('shows an empty house, and no more than the first hundred', async () => {
    expect((await gateway().ask('/v1/characters')).body).toEqual({ characters: [] });
    const crowd = Array.from({ length: 120 }, (_none, at) => {
      const id = String(at).padStart(3, '0');
      return { id, name: `Extra ${id}`, description: 'You are an extra.' };
    });
    await put(crowd);
    const { characters } = (await gateway().ask('/v1/characters')).body as {
      characters: readonly { id: string }[];
    };
    expect(characters.map(({ id }) => id)).toEqual(crowd.slice(0, 100).map(({ id }) => id));
  });
});
