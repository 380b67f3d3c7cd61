import type { Character } from '../character/character.ts';

/** A session as its owner wrote it: read, never altered. */
export interface SessionRow {
  readonly id: string;
  readonly characterId: string | undefined;
  /** Whether replies also go out as classic chat lines; default true. */
  readonly chatLines: boolean;
  /** Whether its talks are recorded; absent: as the character says. */
  readonly record?: boolean | undefined;
}

/**
 * The user's tables `sessions` and `characters`. Every call has its own timeout and throws
 * TroupeError of service `database`; `undefined` is a row that does not exist.
 */
export interface Directory {
  loadSession(id: string, signal?: AbortSignal): Promise<SessionRow | undefined>;
  loadCharacter(id: string, signal?: AbortSignal): Promise<Character | undefined>;
  /**
   * Asserts that the key may read (the anon key sees empty tables, not errors) and that the
   * migrations ran.
   * @throws TroupeError `auth` for the wrong role or key, `not-ready` naming what is missing.
   */
  check(signal?: AbortSignal): Promise<void>;
}
