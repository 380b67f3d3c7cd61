import type { TroupeError } from '../errors.ts';
import type { Arrival } from './lease-table.ts';

/** How a character takes part. */
export type ModeName = 'text' | 'voice' | 'realtime';

/** The lease as a bot sees it. Reading it costs nothing: no call lies between it and a publish. */
export interface BotLease {
  readonly room: string;
  readonly session: string;
  /** The current fencing number; grows when the worker adopts a newer delivery for this bot. */
  epoch(): number;
  /** Whether this bot may publish and write right now. */
  mayPublish(): boolean;
  /** Aborted once the lease is lost for good; the bot then leaves and writes only to the inbox. */
  readonly lost: AbortSignal;
  /**
   * Asks the database whether the current epoch still holds the room; `false` also loses the lease.
   * Bounded in time; throws TroupeError when the database gives no answer.
   */
  confirm(signal?: AbortSignal): Promise<boolean>;
  /**
   * A fenced write came back `lost`: counts only if `epoch` is still the current one, and not after
   * the handover, when the bot stays until its successor evicts it.
   */
  refused(epoch: number): void;
  /** Whether the joined line of this start was claimed: this bot, or one before it, met somebody. */
  hasMet(): boolean;
  /** It is claimed. */
  met(): void;
  /** The bot came into the room, or its path there broke; one that stays broken costs it the room. */
  present(isThere: boolean): void;
}

/** What a worker hands to a new bot. */
export interface BotStart {
  readonly room: string;
  readonly session: string;
  readonly characterId: string | undefined;
  readonly mode: ModeName | undefined;
  /** When the activation was first asked for, in ms since 1970: younger rows may still be missing. */
  readonly requestedAt: number;
  /** When the message was received, by the process's monotonic clock; absent where there is none. */
  readonly receivedAt?: number;
  readonly arrival: Arrival;
  readonly lease: BotLease;
}

/** Starts a bot. It never throws: every end, also of the start, is the outcome. */
export type StartBot = (start: BotStart) => RunningBot;

/** What a successor message carries so that the next worker goes on where this one stopped. */
export interface HandoverTicket {
  readonly session: string;
  readonly characterId: string;
  readonly mode: ModeName;
}

/** One bot at work. */
export interface RunningBot {
  readonly room: string;
  readonly session: string;
  /** Resolves when everything is closed; never rejects. */
  readonly outcome: Promise<BotOutcome>;
  /**
   * Finishes or cuts the reply (at most 5 s) and saves. From here on the save of a user's turn is
   * awaited before its reply speaks. Rejects when the save does not get through in time, or the bot
   * ends meanwhile: no handover then.
   */
  prepareHandover(signal: AbortSignal): Promise<HandoverTicket>;
  /** The lease has a new epoch and the bot goes on as its holder. */
  adopt(): void;
  /** Asks the bot to leave: `drain` keeps the row live, `stop` leaves for good until called back. */
  leave(reason: 'drain' | 'stop'): void;
  status(): BotStatus;
}

/** What `/status` shows of a bot. */
export interface BotStatus {
  /**
   * `starting` until the bot is in the room, also past its end if it never got there. In `leaving` its
   * end is decided, or past: it takes no newer lease over.
   */
  readonly phase: 'starting' | 'talking' | 'handing-over' | 'leaving';
  readonly characterId: string | undefined;
  readonly humans: number;
  /** As asked for until it is in the room; `undefined`: as the character has it. */
  readonly mode: ModeName | undefined;
}

/** Why a bot left of itself. */
export type LeaveReason =
  | 'idle'
  | 'last-human-left'
  | 'participant-left'
  | 'room-deleted'
  | 'removed'
  | 'stopped';

/** How a bot ended; the worker settles row and message by it. */
export type BotOutcome =
  /** The talk is over for now: row `left`, message deleted. */
  | { readonly kind: 'left'; readonly reason: LeaveReason }
  /** A successor has taken the room, or will: nothing to settle. */
  | { readonly kind: 'handed-over' }
  /** Another epoch holds the room: nothing may be touched. */
  | { readonly kind: 'lost' }
  | { readonly kind: 'failed'; readonly error: TroupeError };
