import { TroupeError } from '../errors.ts';
import { unlessAborted } from '../lib/abort.ts';
import type { Clock } from '../lib/clock.ts';
import type { Directory, SessionRow } from '../ports/directory.ts';
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
  readonly record: boolean;
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
  const loadCharacter = makeCache(deps, settings);
  return async (call, signal) => {
    const session = await deps.directory.loadSession(call.session, signal);
    const id = call.characterId ?? session?.characterId;
    if (id === undefined) throw nobodyToPlay(deps, settings, call, session);
    const character = await loadCharacter(id, signal);
    if (character === undefined) {
      throw notFound(`character ${id} does not exist: insert its row before asking for a bot`);
    }
    const record = session?.record ?? character.record ?? false;
    return { character, chatLines: session?.chatLines ?? true, record };
  };
}

function nobodyToPlay(
  deps: { readonly clock: Clock },
  settings: LoaderSettings,
  call: CastingCall,
  session: SessionRow | undefined,
): TroupeError {
  return session === undefined
    ? unknownSession(deps, settings, call)
    : notFound(`session ${call.session} names no character: fill in its character_id`);
}

type LoadRow = (id: string, signal: AbortSignal | undefined) => Promise<Character | undefined>;

/** Rooms that ask at the same time share one look-up. Only a row that is there is remembered. */
function makeCache(
  { directory, clock }: { readonly directory: Directory; readonly clock: Clock },
  settings: LoaderSettings,
): LoadRow {
  const cache = new Map<
    string,
    { readonly until: number; readonly row: Promise<Character | undefined> }
  >();
  const find = (id: string): Promise<Character | undefined> => {
    const known = cache.get(id);
    if (known !== undefined && known.until > clock.monotonicMs()) return known.row;
    // Under nobody's signal: one room's leaving is no failure of the others.
    const row = directory.loadCharacter(id);
    cache.delete(id);
    cache.set(id, { until: clock.monotonicMs() + settings.ttlMs, row });
    const [oldest] = cache.keys();
    if (cache.size > settings.maxEntries && oldest !== undefined) cache.delete(oldest);
    const forget = (): boolean => cache.get(id)?.row === row && cache.delete(id);
    row.then((found) => found ?? forget(), forget);
    return row;
  };
  return (id, signal) => (signal === undefined ? find(id) : unlessAborted(find(id), signal));
}

function unknownSession(
  deps: { readonly clock: Clock },
  settings: LoaderSettings,
  call: CastingCall,
): TroupeError {
  const ageMs = deps.clock.wallMs() - call.requestedAt;
  return notFound(
    `session ${call.session} does not exist: insert its row before asking for a bot`,
    ageMs < settings.unknownSessionGraceMs,
  );
}

function notFound(message: string, retryable = false): TroupeError {
  return new TroupeError(message, {
    kind: 'not-found',
    fault: 'room',
    service: 'database',
    retryable,
  });
}
