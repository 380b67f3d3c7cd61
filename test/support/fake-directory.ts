import type { Character } from '../../src/character/character.ts';
import type { TroupeError } from '../../src/errors.ts';
import type { Directory, SessionRow } from '../../src/ports/directory.ts';

/** Sessions and characters in memory. */
export interface FakeDirectory extends Directory {
  putSession(session: Partial<SessionRow> & Pick<SessionRow, 'id'>): void;
  putCharacter(character: Partial<Character> & Pick<Character, 'id'>): void;
  /** How often anything was looked up, failed calls included. */
  calls(): number;
  /** From now on every call fails with this, or no longer. */
  failWith(error: TroupeError | undefined): void;
}

/** Makes an empty directory; what a row leaves out is what an empty column means. */
export function makeFakeDirectory(): FakeDirectory {
  const sessions = new Map<string, SessionRow>();
  const characters = new Map<string, Character>();
  let failure: TroupeError | undefined;
  let called = 0;

  const call = async <T>(work: () => T, signal: AbortSignal | undefined): Promise<T> => {
    called += 1;
    await Promise.resolve();
    signal?.throwIfAborted();
    if (failure !== undefined) throw failure;
    return work();
  };

  return {
    putSession: (session) =>
      void sessions.set(session.id, { characterId: undefined, chatLines: true, ...session }),
    putCharacter: (character) =>
      void characters.set(character.id, {
        name: 'Ada',
        prompt: 'You are Ada.',
        language: 'en',
        addressing: { rule: 'auto', names: [], phrases: [] },
        ...character,
      }),
    calls: () => called,
    failWith: (error) => void (failure = error),
    loadSession: (id, signal) => call(() => sessions.get(id), signal),
    loadCharacter: (id, signal) => call(() => characters.get(id), signal),
    check: (signal) => call(() => undefined, signal),
  };
}
