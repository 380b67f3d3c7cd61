import type { Casting, LoadCharacter } from '../character/loading.ts';
import type { BotStart } from '../ports/bot.ts';
import type { MemoryStore, StoredContext } from '../ports/memory-store.ts';

/** Who plays in this talk, and what is remembered of it. */
export interface Cast extends Casting {
  readonly stored: StoredContext | undefined;
}

/**
 * Looks up, side by side, who plays and what is remembered. The lease is ours already, so whatever an
 * older bot still saves is either in what we read or refused.
 * @throws TroupeError of service `database`.
 */
export async function cast(
  deps: { readonly loadCharacter: LoadCharacter; readonly memory: Pick<MemoryStore, 'load'> },
  start: BotStart,
  signal: AbortSignal,
): Promise<Cast> {
  signal.throwIfAborted();
  const [casting, stored] = await Promise.all([
    deps.loadCharacter(start, signal),
    deps.memory.load(start.session, signal),
  ]);
  return { ...casting, stored };
}
