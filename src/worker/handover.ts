import type { LeaseTable } from '../ports/lease-table.ts';
import type { Observe } from '../ports/observe.ts';
import type { Queue } from '../ports/queue.ts';
import { successorMessage } from './activation.ts';
import type { Occupant } from './slots.ts';

export interface HandoverDeps {
  readonly queue: Pick<Queue, 'send' | 'delete'>;
  readonly leases: Pick<LeaseTable, 'holds'>;
  readonly observe: Observe;
}

/**
 * Hands a room to whoever receives the successor: the bot finishes its reply and saves, the successor
 * is sent, the old message deleted, in this order. A crash between the last two leaves both: the old
 * one comes first and serves the room, the successor waits behind it. The bot goes on answering until
 * it is evicted, or told to leave.
 * @throws TroupeError when the bot could not save or the queue took nothing; all is as before then.
 */
export async function handOver(
  deps: HandoverDeps,
  { bot, lease }: Occupant,
  signal: AbortSignal,
): Promise<void> {
  const ticket = await bot.prepareHandover(signal);
  if (!lease.owned()) return;
  const { handle, groupId } = lease.receipt();
  const generation = lease.generation();
  const message = successorMessage(bot.room, ticket, { epoch: lease.epoch(), generation, groupId });
  try {
    await deps.queue.send(message, signal);
  } catch (error) {
    bot.adopt();
    throw error;
  }
  lease.handOn();
  deps.observe({
    type: 'handover-sent',
    room: bot.room,
    session: bot.session,
    generation: generation + 1,
  });
  // An undeleted old message lapses within V and is then served first: late, but nothing is lost.
  await deps.queue
    .delete(handle, signal)
    .catch((error: unknown) =>
      deps.observe({ type: 'queue-failed', room: bot.room, doing: 'delete', error }),
    );
}
