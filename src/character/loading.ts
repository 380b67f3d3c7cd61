import { TroupeError } from '../errors.ts';
import type { Clock } from '../lib/clock.ts';
import type { Directory } from '../ports/directory.ts';
import type { Character } from './character.ts';

/** Who is asked for. */
export interface CastingCall {
  readonly session: string;
  /** Overrides the character of the session's row. */
  readonly characterId: string | undefined;
  /** When the start was asked for, in ms since 1970. */
  readonly requestedAt: number;
}

/** Who plays, and how the session wants it. */
export interface Casting {
  readonly character: Character;
  readonly chatLines: boolean;
}

export interface LoaderSettings {
  /** How long a character's row is remembered, in ms. */
  readonly ttlMs: number;
  readonly maxEntries: number;
  /** A session's row may be written after its message: younger starts are tried again. */
  readonly unknownSessionGraceMs: number;
}

export type LoadCharacter = (call: CastingCall, signal?: AbortSignal) => Promise<Casting>;

/**
 * Makes the loader of characters, with one cache for the process. Rows of sessions are read anew
 * each time: they decide who plays. An unknown session plays the start's own character if it names
 * one.
 * @throws TroupeError `not-found`, by the room's fault, for a missing row; what the directory throws.
 */
export function makeCharacterLoader(
  deps: { readonly directory: Directory; readonly clock: Clock },
  settings: LoaderSettings,
): LoadCharacter {
  const cache = new Map<
    string,
    { readonly until: number; readonly row: Promise<Character | undefined> }
  >();
  const loadCharacter = (id: string, signal?: AbortSignal): Promise<Character | undefined> => {
    const known = cache.get(id);
    if (known !== undefined && known.until > deps.clock.monotonicMs()) return known.row;
    const row = deps.directory.loadCharacter(id, signal);
    cache.delete(id);
    cache.set(id, { until: deps.clock.monotonicMs() + settings.ttlMs, row });
    if (cache.size > settings.maxEntries) cache.delete([...cache.keys()][0] ?? id);
    // Only a row that is there is remembered.
    const forget = (): boolean => cache.get(id)?.row === row && cache.delete(id);
    row.then((found) => found ?? forget(), forget);
    return row;
  };
  return async (call, signal) => {
    const session = await deps.directory.loadSession(call.session, signal);
    const id = call.characterId ?? session?.characterId;
    if (session === undefined && call.characterId === undefined)
      throw unknownSession(deps, settings, call);
    if (id === undefined) throw notFound(`session ${call.session} names no character`);
    const character = await loadCharacter(id, signal);
    if (character === undefined) throw notFound(`character ${id} does not exist`);
    return { character, chatLines: session?.chatLines ?? true };
  };
}

function unknownSession(
  deps: { readonly clock: Clock },
  settings: LoaderSettings,
  call: CastingCall,
): TroupeError {
  const ageMs = deps.clock.wallMs() - call.requestedAt;
  return notFound(`session ${call.session} does not exist`, ageMs < settings.unknownSessionGraceMs);
}

function notFound(message: string, retryable = false): TroupeError {
  return new TroupeError(`${message}: insert its row before asking for a bot`, {
    kind: 'not-found',
    fault: 'room',
    service: 'database',
    retryable,
  });
}
