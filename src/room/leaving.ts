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

/**
 * The one bound of a leave, whatever the bot had of the room by then. Its steps come to less: the
 * reply's cut and what people were saying (0.75 s), the bot's own last words (2 s), the link's good-bye
 * (2.2 s), beside the last two the memory's save (3 s). Only a lease that is lost meanwhile adds the
 * inbox (3 s); then the rest of it goes on unwatched.
 */
const LEAVE_LIMIT_MS = 5_000;
/** For the last lines, the voice's track and the end of a recording, before the link goes all the same. */
const LAST_WORDS_LIMIT_MS = 2_000;

/** Leaves all `parts` of a bot behind, within 5 s on every path. Never throws. */
export async function leaveInTime(
  { clock, observe }: Pick<InboxDeps, 'clock' | 'observe'>,
  parts: AsyncDisposable,
): Promise<void> {
  const leave = async (): Promise<void> => await parts[Symbol.asyncDispose]();
  await withDeadline(clock, LEAVE_LIMIT_MS, leave).catch((error: unknown) =>
    observe({ type: 'unexpected-error', error }),
  );
}

/**
 * Leaves the room in order: the reply is cut, what was heard of it kept; then the last line is written
 * and the place left while the memory is saved, or left to the bot that has the room now. Never throws.
 */
export async function leaveInOrder(deps: InboxDeps, attendance: Attendance): Promise<void> {
  const { talk } = attendance;
  await talk.finish();
  await Promise.all([leaveRoom(deps, attendance), keepMemory(deps, attendance)]);
}

async function leaveRoom({ clock, observe }: InboxDeps, { talk, link }: Attendance): Promise<void> {
  const close = async (): Promise<void> => await talk[Symbol.asyncDispose]();
  await withDeadline(clock, LAST_WORDS_LIMIT_MS, close).catch((error: unknown) =>
    observe({ type: 'unexpected-error', error }),
  );
  await link[Symbol.asyncDispose]();
}

async function keepMemory(deps: InboxDeps, { lease, writer }: Attendance): Promise<void> {
  await writer[Symbol.asyncDispose]();
  if (!lease.lost.aborted) return;
  const { room, session } = lease;
  await leaveInInbox(deps, { room, session, epoch: lease.epoch() }, writer.unsaved());
}
