import { z } from 'zod';
import type { HeldLease, LeaseTable } from '../../ports/lease-table.ts';
import { callFunction } from './call.ts';
import type { Supabase } from './client.ts';

/** The lease table in Supabase; its rules are those of `supabase/migrations`. */
export function makeLeaseTable(supabase: Supabase): LeaseTable {
  const rooms = async (name: string, leases: readonly HeldLease[], signal?: AbortSignal) => {
    const p_leases = leases.map(({ room, epoch }) => ({ room, epoch }));
    return new Set(await callFunction(supabase, name, { p_leases }, z.array(z.string()), signal));
  };
  return {
    acquire: (request, signal) =>
      callFunction(
        supabase,
        'acquire_lease',
        {
          p_room: request.room,
          p_session: request.session,
          p_message_id: request.messageId,
          p_receive_count: request.receiveCount,
          p_requested_at: request.requestedAt,
          p_worker: request.worker,
          p_generation: request.generation ?? null,
          p_expires_at: request.expiresAt ?? null,
          p_deferrals: request.deferrals,
        },
        acquireAnswer,
        signal,
      ),
    holds: (leases, signal) => rooms('holds', leases, signal),
    fenced: (leases, signal) => rooms('fenced', leases, signal),
    claimJoined: (lease, signal) =>
      callFunction(supabase, 'claim_joined', keyOf(lease), claim, signal),
    markHealthy: (lease, signal) =>
      callFunction(supabase, 'mark_healthy', keyOf(lease), fencedWrite, signal),
    handBack: (lease, signal) =>
      callFunction(supabase, 'hand_back', keyOf(lease), fencedWrite, signal),
    markLeft: (lease, status, heldMs, signal) =>
      callFunction(
        supabase,
        'mark_left',
        { ...keyOf(lease), p_status: status, p_held_ms: heldMs ?? null },
        fencedWrite,
        signal,
      ),
    async endSession(session, signal) {
      await callFunction(supabase, 'end_session', { p_session: session }, z.unknown(), signal);
    },
  };
}

function keyOf({ room, epoch }: HeldLease): { p_room: string; p_epoch: number } {
  return { p_room: room, p_epoch: epoch };
}

const claim = z.enum(['claimed', 'taken', 'lost']);

const fencedWrite = z.enum(['written', 'lost']);

const acquireAnswer = z.discriminatedUnion('granted', [
  z.object({
    granted: z.literal(true),
    epoch: z.int(),
    generation: z.int(),
    arrival: z.enum(['fresh', 'takeover', 'handover']),
    joined: z.boolean(),
  }),
  z.object({
    granted: z.literal(false),
    refusal: z.enum(['ended', 'duplicate', 'stale', 'expired', 'stalled', 'poisoned', 'occupied']),
  }),
]);
