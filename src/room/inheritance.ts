import type { Turn } from '../conversation/events.ts';
import { unansweredOf } from '../memory/context.ts';
import type { ContextWriter } from '../memory/context-writer.ts';
import { readInbox } from '../memory/inbox.ts';
import type { InboxDeps } from '../memory/inbox.ts';
import type { BotStart } from '../worker/bot.ts';

/** How long a successor's answers wait for the last words of the bot before it, in ms. */
const PATIENCE_MS = 1_000;

/**
 * Takes over what the bot before us could not save, and resolves with the turns that are still owed
 * an answer. A bot that is called back into an empty room owes nothing of the talk that was left.
 */
export async function inherit(
  deps: InboxDeps,
  { room, session, lease, arrival }: BotStart,
  writer: ContextWriter,
  signal: AbortSignal,
): Promise<readonly Turn[]> {
  const goesOn = arrival !== 'fresh';
  const owner = { room, session, epoch: lease.epoch() };
  writer.inherit(await readInbox(deps, owner, goesOn ? PATIENCE_MS : 0, signal), goesOn);
  return unansweredOf(writer.messages());
}
