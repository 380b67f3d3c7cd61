import { withDeadline } from '../lib/deadline.ts';
import type { ContextWriter } from '../memory/context-writer.ts';
import { leaveInInbox } from '../memory/inbox.ts';
import type { InboxDeps } from '../memory/inbox.ts';
import type { BotLease } from '../ports/bot.ts';
import type { KeptLink } from './kept-link.ts';
import type { Talk } from './talk.ts';

/** What is to be left behind in order. */
export interface Attendance {
  readonly lease: BotLease;
  readonly link: KeptLink;
  readonly writer: ContextWriter;
  readonly talk: Talk;
}

/** Each part has a shorter bound of its own; this one holds also where a part does not keep it. */
const LEAVE_LIMIT_MS = 4_500;

/**
 * Leaves the room, within 4.5 s also where neither LiveKit nor the database answers: the reply is
 * cut, what was heard of it kept; then the last line is written and the place left while the memory
 * is saved, or left to the bot that has the room now. Never throws.
 */
export async function leave(deps: InboxDeps, attendance: Attendance): Promise<void> {
  const { talk, link } = attendance;
  const left = withDeadline(deps.clock, LEAVE_LIMIT_MS, async () => {
    await talk.finish();
    await Promise.all([
      talk[Symbol.asyncDispose]().then(() => link[Symbol.asyncDispose]()),
      keepMemory(deps, attendance),
    ]);
  });
  await left.catch((error: unknown) => deps.observe({ type: 'unexpected-error', error }));
}

async function keepMemory(deps: InboxDeps, { lease, writer }: Attendance): Promise<void> {
  await writer[Symbol.asyncDispose]();
  if (!lease.lost.aborted) return;
  const { room, session } = lease;
  await leaveInInbox(deps, { room, session, epoch: lease.epoch() }, writer.unsaved());
}
