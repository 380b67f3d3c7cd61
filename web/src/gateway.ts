import type {
  CharacterList,
  ListedCharacter,
  OpenedSession,
  Problem,
  SessionRequest,
} from '../../src/gateway/api.ts';

/**
 * The gateway, by way of whoever serves this page: the key that it asks for is added there and never
 * comes here.
 */

/** @throws Error whose message is for people. */
export async function listCharacters(
  signal: AbortSignal = AbortSignal.timeout(LIMIT_MS),
): Promise<readonly ListedCharacter[]> {
  const { characters } = await ask<CharacterList>('/v1/characters', { signal });
  return characters;
}

/** @throws Error whose message is for people. */
export async function openSession(request: SessionRequest): Promise<OpenedSession> {
  return await ask<OpenedSession>('/v1/sessions', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
    signal: AbortSignal.timeout(LIMIT_MS),
  });
}

/** Asks the room's character to listen and speak. @throws Error whose message is for people. */
export async function askForVoice(room: string): Promise<void> {
  await ask(`/v1/rooms/${encodeURIComponent(room)}/mode`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ mode: 'voice' }),
    signal: AbortSignal.timeout(LIMIT_MS),
  });
}

/** Longer than the gateway waits for all that it asks. */
const LIMIT_MS = 20_000;

async function ask<T>(path: string, request: RequestInit): Promise<T> {
  const answer = await fetch(path, request).catch((cause: unknown) => {
    throw new Error('The service does not answer. Is it running?', { cause });
  });
  if (answer.status === 204) return undefined as T;
  if (answer.ok) return (await answer.json()) as T;
  const problem = (await answer.json().catch(() => ({}))) as Partial<Problem>;
  throw new Error(problem.detail ?? `The service answered with ${answer.status}.`);
}
