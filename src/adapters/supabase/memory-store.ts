import { z } from 'zod';
import type { InboxRow, MemoryStore, StoredContext } from '../../ports/memory-store.ts';
import { callFunction } from './call.ts';
import type { Supabase } from './client.ts';
import { contextMessage, listOfKnown, storable } from './messages.ts';

/** Contexts, turns and inboxes in Supabase; saves are fenced by the lease's row. */
export function makeMemoryStore(supabase: Supabase): MemoryStore {
  return {
    load: (session, signal) =>
      callFunction(supabase, 'load_context', { p_session: session }, storedContext, signal),
    save: (save, signal) =>
      callFunction(
        supabase,
        'save_context',
        {
          p_room: save.room,
          p_session: save.session,
          p_epoch: save.epoch,
          p_version: save.version,
          p_messages: storable(save.messages),
          p_turns: storable(save.turns),
          p_inbox_through: save.inboxThrough ?? null,
        },
        z.enum(['written', 'lost']),
        signal,
      ),
    async leaveInInbox({ room, session, epoch }, entries, signal) {
      const from = { p_room: room, p_session: session, p_epoch: epoch };
      const args = { ...from, p_entries: storable(entries) };
      await callFunction(supabase, 'leave_in_inbox', args, z.unknown(), signal);
    },
    readInbox: (session, signal) =>
      callFunction(supabase, 'read_inbox', { p_session: session }, inboxRows, signal),
  };
}

const storedContext = z
  .object({ version: z.int(), messages: listOfKnown(contextMessage) })
  .nullable()
  .transform((stored): StoredContext | undefined => stored ?? undefined);

const rowKey = { id: z.int(), epoch: z.int() };

const inboxRows = listOfKnown<InboxRow>(
  z.discriminatedUnion('kind', [
    z.object({ ...rowKey, kind: z.literal('message'), message: contextMessage }),
    z.object({ ...rowKey, kind: z.literal('closing') }),
  ]),
);
