import { describe, expect, test } from 'vitest';
import type { Character } from '../../src/character/character.ts';
import type { Directory, SessionRow } from '../../src/ports/directory.ts';

/** Rows that somebody else writes; what is left out stays empty. */
export interface DirectoryWorld {
  readonly directory: Directory;
  readonly putSession: (row: Partial<SessionRow> & Pick<SessionRow, 'id'>) => Promise<void>;
  readonly putCharacter: (row: Partial<Character> & Pick<Character, 'id'>) => Promise<void>;
  /** An id that no row has yet. */
  readonly newId: () => string;
}

/** How the user's rows are read, whatever type their ids have. */
export function directoryContract(world: () => DirectoryWorld): void {
  describe('a directory', () => {
    test('finds a session and the character that it names', async () => {
      const { directory, putSession, putCharacter, newId } = world();
      const [session, character] = [newId(), newId()];
      await putCharacter({ id: character, name: 'Ada', prompt: 'You are Ada.' });
      await putSession({ id: session, characterId: character });
      const found = await directory.loadSession(session);
      expect(found).toEqual({ id: session, characterId: character, chatLines: true });
      expect(await directory.loadCharacter(found!.characterId!)).toEqual({
        id: character,
        name: 'Ada',
        prompt: 'You are Ada.',
        language: 'en',
        addressing: { rule: 'auto', names: [], phrases: [] },
      });
    });

    test('reads all that a character may say', async () => {
      const { directory, putCharacter, newId } = world();
      const character: Character = {
        id: newId(),
        name: 'ミア',
        prompt: 'あなたはミアです。\n"Be brief."',
        language: 'ja-JP',
        model: 'a/model',
        greeting: 'こんにちは。',
        addressing: { rule: 'named', names: ['Mia'], phrases: ['does anybody know'] },
      };
      await putCharacter(character);
      expect(await directory.loadCharacter(character.id)).toEqual(character);
    });

    test('a session may name no character, and may turn chat lines off', async () => {
      const { directory, putSession, newId } = world();
      const id = newId();
      await putSession({ id, chatLines: false });
      expect(await directory.loadSession(id)).toEqual({
        id,
        characterId: undefined,
        chatLines: false,
      });
    });

    test('a row that does not exist is undefined', async () => {
      const { directory, newId } = world();
      expect(await directory.loadSession(newId())).toBeUndefined();
      expect(await directory.loadCharacter(newId())).toBeUndefined();
    });

    test.each(['no such id', '-1', '1e3', '9'.repeat(40), 'a\0b', '\ud83d', '', 'eq.(1)&id=*'])(
      'an id that no row can have is one that no row has: %j',
      async (id) => {
        expect(await world().directory.loadSession(id)).toBeUndefined();
        expect(await world().directory.loadCharacter(id)).toBeUndefined();
      },
    );

    test('is well', async () => {
      await expect(world().directory.check()).resolves.toBeUndefined();
    });

    test('gives up with the reason of whoever asked', async () => {
      const { directory, newId } = world();
      const reason = new Error('the room is gone');
      const gone = AbortSignal.abort(reason);
      await expect(directory.loadSession(newId(), gone)).rejects.toBe(reason);
      await expect(directory.loadCharacter(newId(), gone)).rejects.toBe(reason);
      await expect(directory.check(gone)).rejects.toBe(reason);
    });
  });
}
