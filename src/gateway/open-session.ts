import { isTroupeError } from '../errors.ts';
import type { Clock } from '../lib/clock.ts';
import type { Directory } from '../ports/directory.ts';
import type { MintGuestPass } from '../ports/guest-pass.ts';
import type { Observe } from '../ports/observe.ts';
import type { SessionRegistry } from '../ports/session-registry.ts';
import type { OpenedSession } from './api.ts';
import { Refusal } from './problems.ts';

/** What a session is opened with. */
export interface OpenSessionDeps {
  readonly directory: Pick<Directory, 'loadCharacter'>;
  readonly sessions: Pick<SessionRegistry, 'add' | 'remove'>;
  readonly mintGuestPass: MintGuestPass;
  /** Asks the fleet for a bot. */
  readonly enqueue: (
    start: {
      readonly room: string;
      readonly session: string;
      readonly mode?: string | undefined;
      /** Ms since 1970: a bot that comes later finds nobody. */
      readonly expiresAt: number;
    },
    signal: AbortSignal,
  ) => Promise<unknown>;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly observe: Observe;
}

/** Who wants to talk with whom. */
export interface Wish {
  readonly characterId: string;
  /** How the others see the guest. */
  readonly name: string;
  readonly mode?: 'text' | 'voice' | undefined;
}

/**
 * Opens a talk: the session's row, a token, and the message that brings the bot. Either all of it is
 * there or nothing: the row of a session that no bot was asked for is taken away again.
 * @throws Refusal for a character that does not exist or cannot play; TroupeError.
 */
export async function openSession(
  deps: OpenSessionDeps,
  wish: Wish,
  signal: AbortSignal,
): Promise<OpenedSession> {
  const begunAt = deps.clock.monotonicMs();
  await assertPlayable(deps, wish.characterId, signal);
  const room = `talk-${deps.newId()}`;
  const guest = { room, identity: `guest-${deps.newId()}`, name: wish.name };
  const { expiresAt, ...pass } = await deps.mintGuestPass(guest);
  // The caller shows the transcript, in which every reply is already: chat lines would repeat it.
  const row = { characterId: wish.characterId, chatLines: false };
  const session = await deps.sessions.add(row, signal);
  try {
    await deps.enqueue({ room, session, mode: wish.mode, expiresAt }, signal);
  } catch (error) {
    await takeBack(deps, session);
    throw error;
  }
  const tookMs = Math.round(deps.clock.monotonicMs() - begunAt);
  deps.observe({ type: 'session-opened', room, session, tookMs });
  return { sessionId: session, room, ...pass, expiresAt: new Date(expiresAt).toISOString() };
}

async function assertPlayable(
  { directory }: OpenSessionDeps,
  characterId: string,
  signal: AbortSignal,
): Promise<void> {
  const character = await directory.loadCharacter(characterId, signal).catch((error: unknown) => {
    if (!isTroupeError(error, 'rejected') || error.fault !== 'room') throw error;
    const detail =
      'Its row lacks something or holds what cannot be read: mend it, or take another.';
    throw new Refusal(422, 'unusable-character', 'This character cannot play', detail);
  });
  if (character !== undefined) return;
  const detail = 'No character has this id: GET /v1/characters lists those that there are.';
  throw new Refusal(422, 'unknown-character', 'Unknown character', detail);
}

/** On a time of its own: it was often the end of the caller's that made the send fail. */
async function takeBack({ sessions, observe }: OpenSessionDeps, session: string): Promise<void> {
  try {
    await sessions.remove(session);
  } catch (error) {
    observe({ type: 'session-left-behind', session, error });
  }
}
