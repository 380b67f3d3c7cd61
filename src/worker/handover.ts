import { TroupeError } from '../errors.ts';
import { withDeadline } from '../lib/deadline.ts';
import { successorMessage } from './activation.ts';
import { deleteMessage } from './message.ts';
import type { MessageDeps } from './message.ts';
import type { Occupant } from './slots.ts';

/** The reply's end and the save, and some air, in ms. */
const PREPARE_LIMIT_MS = 10_000;

/**
 * Hands a room to whoever receives the successor: the bot finishes its reply and saves, the successor
 * is sent, the old message deleted, in this order. A crash between the last two leaves both: the old
 * one comes first and serves the room, the successor waits behind it. The bot goes on answering until
 * it is evicted, or told to leave. A room that was handed on already is left as it is.
 * @throws when the bot could not save or the queue took nothing; all is as before then. TroupeError,
 * DeadlineExceeded, or the signal's reason.
 */
export async function handOver(
  deps: MessageDeps,
  { bot, lease }: Occupant,
  signal: AbortSignal,
): Promise<void> {
  if (lease.handedOn()) return;
  const startedAt = deps.clock.monotonicMs();
  const prepare = (limited: AbortSignal) => bot.prepareHandover(limited);
  const ticket = await withDeadline(deps.clock, PREPARE_LIMIT_MS, prepare, signal);
  const { room, session } = bot;
  const { receipt } = lease.flight();
  const [epoch, generation] = [lease.epoch(), lease.generation()];
  const { groupId } = receipt;
  try {
    if (!lease.owned()) throw notOurs(room);
    await deps.queue.send(successorMessage(room, ticket, { epoch, generation, groupId }), signal);
  } catch (error) {
    bot.adopt();
    throw error;
  }
  lease.handOn();
  const tookMs = Math.round(deps.clock.monotonicMs() - startedAt);
  deps.observe({ type: 'handover-sent', room, session, epoch, generation: generation + 1, tookMs });
  // An undeleted old message lapses within V and is then served first: late, but nothing is lost.
  await deleteMessage(deps, receipt.handle);
}

function notOurs(room: string): TroupeError {
  return new TroupeError(`the message of room ${room} may be somebody else's by now`, {
    kind: 'unavailable',
    fault: 'fleet',
    service: 'queue',
  });
}
