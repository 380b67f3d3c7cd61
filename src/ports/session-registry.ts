/** A session as the API makes it. */
export interface NewSession {
  readonly characterId: string;
  /** Whether replies also go out as classic chat lines. */
  readonly chatLines: boolean;
}

/** A character as people choose one. */
export interface CharacterSummary {
  readonly id: string;
  readonly name: string;
  /** One line for people; never the prompt. */
  readonly description?: string;
}

/**
 * The user's tables, as the API writes and lists them. Every call has its own timeout and throws
 * TroupeError of service `database`.
 */
export interface SessionRegistry {
  /** Adds a row and returns its id: the database's, where it makes one, or a new one. */
  add(session: NewSession, signal?: AbortSignal): Promise<string>;
  remove(id: string, signal?: AbortSignal): Promise<void>;
  /** Characters that have a name and a prompt, by name, at most `limit`. */
  listCharacters(limit: number, signal?: AbortSignal): Promise<readonly CharacterSummary[]>;
}
