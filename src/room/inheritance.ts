import type { Person, Turn } from '../conversation/events.ts';
import { SOMEBODY } from '../conversation/roster.ts';
import { unansweredOf } from '../memory/context.ts';
import type { ContextMessage } from '../memory/context.ts';
import type { ContextWriter } from '../memory/context-writer.ts';
import { readInbox } from '../memory/inbox.ts';
import type { InboxDeps } from '../memory/inbox.ts';
import type { BotStart } from '../ports/bot.ts';
import type { Arrival } from '../ports/lease-table.ts';

/**
 * How long a bot's answers wait for the last words of the bot before it, in ms. One that hands over is
 * there to leave them, those of whoever was speaking half a second late; one that crashed leaves none.
 */
const PATIENCE_MS: Readonly<Record<Arrival, number>> = {
  fresh: 0,
  takeover: 1_000,
  handover: 2_000,
};

/** What a talk that goes on brings with it. */
export interface Inherited {
  /** Turns that are still owed an answer. */
  readonly unanswered: readonly Turn[];
  /** One whom the bot before us met, and who may have left while no bot looked. */
  readonly lastSeen?: Person;
}

/**
 * Takes over what the bot before us could not save. A bot that is called back into an empty room owes
 * nothing of the talk that was left.
 */
export async function inherit(
  deps: InboxDeps,
  { room, session, lease, arrival }: BotStart,
  writer: ContextWriter,
  signal: AbortSignal,
): Promise<Inherited> {
  const goesOn = arrival !== 'fresh';
  const owner = { room, session, epoch: lease.epoch() };
  writer.inherit(await readInbox(deps, owner, PATIENCE_MS[arrival], signal), goesOn);
  const messages = writer.messages();
  const lastSeen = goesOn ? lastOf(messages, lease.hasMet()) : undefined;
  return { unanswered: unansweredOf(messages), ...(lastSeen !== undefined && { lastSeen }) };
}

/** Who spoke last, or somebody who was met and never said a word. */
function lastOf(messages: readonly ContextMessage[], anyoneMet: boolean): Person | undefined {
  const last = messages.findLast((one) => one.role === 'user');
  if (last === undefined) return anyoneMet ? SOMEBODY : undefined;
  return { identity: last.speaker, name: last.name, kind: 'human' };
}
