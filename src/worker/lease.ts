import type { Clock } from '../lib/clock.ts';
import { openScope } from '../lib/scope.ts';
import { TroupeError } from '../errors.ts';
import type { BotLease } from '../ports/bot.ts';
import type { HeldLease, LeaseTable } from '../ports/lease-table.ts';
import type { Observe } from '../ports/observe.ts';
import type { LeaseTimes } from './lease-times.ts';

/** A moment on both clocks: the monotonic one may freeze with the machine, the wall's may jump. */
export interface Instant {
  readonly monotonicMs: number;
  readonly wallMs: number;
}

/** The receipt by which a message is kept in flight. */
export interface Receipt {
  readonly handle: string;
  readonly groupId: string;
}

/** A message in flight, as far as we know. */
export interface Flight {
  readonly receipt: Receipt;
  /** When the receipt was taken. */
  readonly takenAt: Instant;
  /** When the last good beat was sent; `undefined` once the receipt is worthless. */
  readonly beatenAt: Instant | undefined;
}

/** What an acquisition gave. */
export interface Grant {
  readonly epoch: number;
  readonly generation: number;
  readonly joined: boolean;
}

/**
 * One room's lease in this worker. It is trusted while its last good beat is young (counted from
 * when that beat was *sent*), or while the database has just said "held"; it is lost once, for good.
 *
 *     received -> beaten -> granted -> [handed on] -> lost or settled
 */
export interface Lease extends BotLease {
  flight(): Flight;
  generation(): number;
  /** The lease as the database knows it; `undefined` before it was granted. */
  held(): HeldLease | undefined;
  grant(grant: Grant): void;
  /** Ms since the epoch's grant came, by the monotonic clock: rather too few than too many. */
  heldMs(): number;
  /** The bot has left: that nobody holds the room any more is no news from now on. */
  leave(): void;
  hasLeft(): boolean;
  /** The same bot goes on under a newer delivery and epoch. */
  adopt(flight: Flight, grant: Grant): void;
  /** A beat sent at this moment was good. */
  beaten(sentAt: Instant): void;
  /** The receipt is worthless: the message is anybody's now. */
  expired(): void;
  /** The database was asked at this moment and said "held". */
  permitted(askedAt: Instant): void;
  lose(why: string): void;
  /** A successor is sent and the message to be deleted: no beats any more, the database alone permits. */
  handOn(): void;
  handedOn(): boolean;
  /** Whether the message is still ours to delete, release or extend. */
  owned(): boolean;
  /** Whether beats alone do not carry it any more: the database must be asked. */
  late(): boolean;
  /** Ms since this receipt was taken. */
  ageMs(): number;
}

export interface LeaseDeps {
  readonly clock: Clock;
  readonly leases: Pick<LeaseTable, 'holds'>;
  readonly observe: Observe;
}

/** Opens the lease of a message whose first beat, sent at `beatenAt`, was good. */
export function openLease(
  deps: LeaseDeps,
  of: {
    readonly room: string;
    readonly session: string;
    readonly receipt: Receipt;
    /** Gets what the bot tells of itself. */
    readonly present: (isThere: boolean) => void;
  },
  beatenAt: Instant,
  times: LeaseTimes,
): Lease {
  const { room, session, present } = of;
  const scope = openScope();
  let flight: Flight = { receipt: of.receipt, takenAt: beatenAt, beatenAt };
  let permit: Instant | undefined;
  let granted: Grant = { epoch: 0, generation: 0, joined: false };
  let grantedAt = 0;
  let [handedOn, left] = [false, false];
  const younger = (since: Instant | undefined, limitMs: number): boolean =>
    since !== undefined && elapsedMs(deps.clock, since) < limitMs;
  const lost = (): boolean => scope.signal.aborted;
  const held = (): HeldLease | undefined =>
    granted.epoch === 0 ? undefined : { room, epoch: granted.epoch };
  const permitted = (askedAt: Instant): void => {
    // Answers may overtake each other.
    if (permit === undefined || askedAt.monotonicMs > permit.monotonicMs) permit = askedAt;
  };
  const lose = (why: string): void => {
    if (lost()) return;
    deps.observe({ type: 'lease-lost', room, session, epoch: granted.epoch, why });
    scope.end(leaseLost(room, why));
  };
  return {
    room,
    session,
    lost: scope.signal,
    present,
    flight: () => flight,
    epoch: () => granted.epoch,
    generation: () => granted.generation,
    hasMet: () => granted.joined,
    met() {
      granted = { ...granted, joined: true };
    },
    held,
    lose,
    grant(grant) {
      [granted, grantedAt] = [grant, deps.clock.monotonicMs()];
    },
    heldMs: () => deps.clock.monotonicMs() - grantedAt,
    leave() {
      left = true;
    },
    hasLeft: () => left,
    adopt(newer, grant) {
      [flight, granted, grantedAt] = [newer, grant, deps.clock.monotonicMs()];
      [permit, handedOn] = [undefined, false];
    },
    beaten(sentAt) {
      flight = { ...flight, beatenAt: sentAt };
    },
    expired() {
      flight = { ...flight, beatenAt: undefined };
    },
    permitted,
    handOn() {
      handedOn = true;
    },
    handedOn: () => handedOn,
    mayPublish: () =>
      !lost() && (younger(flight.beatenAt, times.trustMs) || younger(permit, times.permitMs)),
    owned: () => !lost() && !handedOn && younger(flight.beatenAt, times.trustMs),
    late: () => !lost() && !younger(flight.beatenAt, times.trustMs - times.askMs),
    ageMs: () => elapsedMs(deps.clock, flight.takenAt),
    refused(epoch) {
      // Handed on, it says that the successor is on its way in: it evicts us once it hears the room.
      if (epoch === granted.epoch && !handedOn && !left) lose('a write was refused');
    },
    async confirm(signal) {
      const asked = held();
      if (lost() || asked === undefined) return false;
      const askedAt = nowOn(deps.clock);
      const rooms = await deps.leases.holds([asked], signal);
      // An adoption meanwhile makes the answer one about the past.
      if (asked.epoch !== granted.epoch) return !lost();
      if (rooms.has(room)) permitted(askedAt);
      else lose('the database gave the room to another');
      return !lost();
    },
  };
}

/** This moment. */
export function nowOn(clock: Clock): Instant {
  return { monotonicMs: clock.monotonicMs(), wallMs: clock.wallMs() };
}

/** Ms since `since` by whichever clock says more: a lease is rather believed too old than too young. */
export function elapsedMs(clock: Clock, since: Instant): number {
  return Math.max(clock.monotonicMs() - since.monotonicMs, clock.wallMs() - since.wallMs);
}

function leaseLost(room: string, why: string): TroupeError {
  return new TroupeError(`the lease of room ${room} is lost: ${why}`, {
    kind: 'lease-lost',
    fault: 'fleet',
    service: 'lease',
  });
}
