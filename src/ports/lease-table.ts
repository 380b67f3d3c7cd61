/** A request for the right to be a room's bot, made from one delivery. */
export interface AcquireRequest {
  readonly room: string;
  readonly session: string;
  /** Of a successor message; absent in a start. */
  readonly generation?: number;
  readonly messageId: string;
  readonly receiveCount: number;
  /** When the start was first asked for, in ms since 1970 by the queue's clock. */
  readonly requestedAt: number;
  /** After this a start that finds no live bot is not worth serving, in ms since 1970. */
  readonly expiresAt?: number;
  /** How often this start was put behind another session's live lease. */
  readonly deferrals: number;
  readonly worker: string;
}

/**
 * Why a lease is refused (design: Lease, Fence).
 * - `ended`: the session was ended explicitly, or a successor found no live row: delete
 * - `duplicate`: served already, or asked for before the bot left: delete
 * - `stale`: an older generation: delete
 * - `expired`: too late, and no bot is live: delete
 * - `stalled`: a lower receive count of the recorded message: touch nothing
 * - `poisoned`: crashed too often: dead-letter
 * - `occupied`: another session is live in the room: re-send behind
 */
export type Refusal =
  | 'ended'
  | 'duplicate'
  | 'stale'
  | 'expired'
  | 'stalled'
  | 'poisoned'
  | 'occupied';

/** How the lease came: into an empty room, after a crash, or from a living holder that handed over. */
export type Arrival = 'fresh' | 'takeover' | 'handover';

/** The answer to a request. */
export type AcquireAnswer =
  | {
      readonly granted: true;
      readonly epoch: number;
      readonly generation: number;
      readonly arrival: Arrival;
      /** The joined line of this start was claimed before: a bot has met somebody. */
      readonly joined: boolean;
    }
  | { readonly granted: false; readonly refusal: Refusal };

/** One lease as its holder knows it. */
export interface HeldLease {
  readonly room: string;
  readonly epoch: number;
}

/** A write under an epoch: `lost` means that a newer epoch exists and nothing was changed. */
export type FencedWrite = 'written' | 'lost';

/**
 * The table that fences rooms: who holds which, under which epoch. Every call has its own timeout
 * and throws TroupeError of service `database`.
 */
export interface LeaseTable {
  acquire(request: AcquireRequest, signal?: AbortSignal): Promise<AcquireAnswer>;
  /** Which of these leases are still held; also records that their holder lives and asked. */
  holds(leases: readonly HeldLease[], signal?: AbortSignal): Promise<ReadonlySet<string>>;
  /** Which rooms of these were taken or ended meanwhile; records nothing. */
  fenced(leases: readonly HeldLease[], signal?: AbortSignal): Promise<ReadonlySet<string>>;
  /** Claims the one joined line of this start; `taken` when it was claimed before. */
  claimJoined(lease: HeldLease, signal?: AbortSignal): Promise<'claimed' | 'taken' | 'lost'>;
  /** The bot has run in health for 60 s: its crashes are forgotten. */
  markHealthy(lease: HeldLease, signal?: AbortSignal): Promise<FencedWrite>;
  /**
   * The bot left `heldMs` after the lease was granted (by default: now): any start asked for since then
   * may call it back, however long this call is on its way.
   */
  markLeft(
    lease: HeldLease,
    status: 'left' | 'failed',
    heldMs?: number,
    signal?: AbortSignal,
  ): Promise<FencedWrite>;
  /** The holder offers the room to others while its talk goes on: whoever takes it counts no crash. */
  handBack(lease: HeldLease, signal?: AbortSignal): Promise<FencedWrite>;
  /** Ends a session for good, whether or not a bot runs; a live holder is fenced out. */
  endSession(session: string, signal?: AbortSignal): Promise<void>;
}
