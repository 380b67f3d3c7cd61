import type { LinkEnd } from '../ports/room-link.ts';

/**
 * The bot's seat in the room: whether what is published gets there as the room's bot, and if not,
 * what is done about it.
 *
 *     up -> broken (the path is cut, the native library looks for it)
 *        -> confirming (it is whole again: does the database say that the room is ours?) -> up
 *     up, broken, confirming -> rejoining (the link has ended) -> confirming -> up
 *
 * A path that is cut while the lease is not to be trusted is given up: the native library would come back
 * by itself and evict whoever may have the room by now. So is one by which a reply was on its way that is
 * handed over as owed: it would come after the successor's.
 *
 * Rejoining asks the database, rests unless it is the first try, asks again, joins; a join that fails
 * begins anew. A seat that is gone stays gone.
 */
export interface Seat {
  readonly at: SeatPhase;
  /** Joins since the seat was last up for a minute. */
  readonly rejoins: number;
  /** How often the database was asked; each question is known by this number. */
  readonly asked: number;
}

export type SeatPhase =
  | { readonly kind: 'up'; readonly since: number }
  | { readonly kind: 'broken' }
  | { readonly kind: 'confirming' }
  | {
      readonly kind: 'rejoining';
      readonly step: 'asking' | 'resting' | 'asking-again' | 'joining';
      readonly why: LinkEnd;
      /** Of the last join, if that failed. */
      readonly failure?: unknown;
    }
  | { readonly kind: 'gone' };

/** `now` is monotonic ms. */
export type SeatEvent =
  /** Told again, no more trusted, where the path is not to come back by itself any more. */
  | { readonly type: 'cut'; readonly now: number; readonly trusted: boolean }
  | { readonly type: 'whole' }
  | { readonly type: 'ended'; readonly why: LinkEnd; readonly now: number }
  /** To question number `ask`. */
  | {
      readonly type: 'answered';
      readonly ask: number;
      readonly ours: boolean;
      readonly now: number;
    }
  | { readonly type: 'rested' }
  | { readonly type: 'joined' }
  | { readonly type: 'join-failed'; readonly failure: unknown }
  /** By our own doing. */
  | { readonly type: 'left' };

export type SeatEffect =
  /** Nothing is published from now on, until `restored`. */
  | { readonly type: 'lost' }
  | { readonly type: 'restored' }
  /** The link is of no use any more and must not come back. */
  | { readonly type: 'abandon' }
  /** We are not in the room, and not because another is. */
  | { readonly type: 'absent' }
  | { readonly type: 'ask'; readonly ask: number }
  | { readonly type: 'rest'; readonly rejoins: number }
  | { readonly type: 'join'; readonly attempt: number; readonly why: LinkEnd }
  | { readonly type: 'closed'; readonly reason: 'room-deleted' | 'removed' }
  /** Given up; `failure` is the last join's, if that failed. */
  | { readonly type: 'failed'; readonly failure: unknown };

/** Who carries them out. */
export type SeatEffects = {
  readonly [T in SeatEffect['type']]: (
    effect: Extract<SeatEffect, { readonly type: T }>,
  ) => void | Promise<void>;
};

/** Where an event leads, and what is to be done, in this order. */
export interface SeatStep {
  readonly seat: Seat;
  readonly effects: readonly SeatEffect[];
}

/** Joins in a row that may fail, or be undone within a minute, before the seat is given up. */
export const MAX_REJOINS = 6;
const STABLE_MS = 60_000;

/** A seat that was just taken. */
export function takeSeat(now: number): Seat {
  return { at: { kind: 'up', since: now }, rejoins: 0, asked: 0 };
}

/** What an event makes of the seat. Pure and total: what does not concern its phase changes nothing. */
export function reduceSeat(seat: Seat, event: SeatEvent): SeatStep {
  if (seat.at.kind === 'gone') return to(seat);
  const handle = HANDLERS[event.type] as Handler<SeatEvent['type']>;
  return handle(seat, event);
}

type EventOf<T extends SeatEvent['type']> = Extract<SeatEvent, { readonly type: T }>;
type Handler<T extends SeatEvent['type']> = (seat: Seat, event: EventOf<T>) => SeatStep;

const HANDLERS: { readonly [T in SeatEvent['type']]: Handler<T> } = {
  cut(seat, { now, trusted }) {
    if (seat.at.kind === 'rejoining') return to(seat);
    const next = afterPeace(seat, now);
    const effects: readonly SeatEffect[] = [...lossOf(seat), { type: 'absent' }];
    if (trusted) return to({ ...next, at: { kind: 'broken' } }, ...effects);
    const asked = ask(next, { kind: 'rejoining', step: 'asking', why: 'connection-lost' });
    return { ...asked, effects: [...effects, { type: 'abandon' }, ...asked.effects] };
  },
  whole: (seat) => (seat.at.kind === 'broken' ? ask(seat, { kind: 'confirming' }) : to(seat)),
  ended(seat, { why, now }) {
    if (seat.at.kind === 'rejoining') return to(seat);
    const [next, effects] = [afterPeace(seat, now), lossOf(seat)];
    if (why === 'room-deleted' || why === 'removed') {
      return leave(next, ...effects, { type: 'closed', reason: why });
    }
    const asked = ask(next, { kind: 'rejoining', step: 'asking', why });
    if (why === 'connection-lost') effects.push({ type: 'absent' });
    return { ...asked, effects: [...effects, ...asked.effects] };
  },
  answered(seat, { ask: number, ours, now }) {
    // To an older question it says nothing of what happened since.
    if (number !== seat.asked) return to(seat);
    // The lost lease tells by itself.
    if (!ours) return leave(seat);
    if (seat.at.kind === 'confirming') {
      return to({ ...seat, at: { kind: 'up', since: now } }, { type: 'restored' });
    }
    return isAt(seat, 'asking') || isAt(seat, 'asking-again') ? goOn(seat, seat.at) : to(seat);
  },
  rested(seat) {
    if (!isAt(seat, 'resting')) return to(seat);
    return ask(seat, { ...seat.at, step: 'asking-again' });
  },
  joined: (seat) => (isAt(seat, 'joining') ? ask(seat, { kind: 'confirming' }) : to(seat)),
  // At once: a successor waits for our last words.
  'join-failed'(seat, { failure }) {
    if (!isAt(seat, 'joining')) return to(seat);
    return ask(seat, { ...seat.at, step: 'asking', failure });
  },
  left: (seat) => leave(seat),
};

type Rejoining = Extract<SeatPhase, { readonly kind: 'rejoining' }>;

/** The room is ours: rest first, unless we have, or nothing has failed yet. */
function goOn(seat: Seat, at: Rejoining): SeatStep {
  const { rejoins } = seat;
  if (at.step === 'asking' && rejoins >= MAX_REJOINS) {
    return leave(seat, { type: 'failed', failure: at.failure });
  }
  if (at.step === 'asking' && rejoins > 0) {
    return to({ ...seat, at: { ...at, step: 'resting' } }, { type: 'rest', rejoins });
  }
  const attempt = rejoins + 1;
  const next: Seat = { ...seat, rejoins: attempt, at: { ...at, step: 'joining' } };
  return to(next, { type: 'join', attempt, why: at.why });
}

function ask(seat: Seat, at: SeatPhase): SeatStep {
  const asked = seat.asked + 1;
  return to({ ...seat, at, asked }, { type: 'ask', ask: asked });
}

/** Rejoins from before a minute of peace are forgotten. */
function afterPeace(seat: Seat, now: number): Seat {
  const stable = seat.at.kind === 'up' && now - seat.at.since > STABLE_MS;
  return { ...seat, rejoins: stable ? 0 : seat.rejoins };
}

function lossOf({ at }: Seat): SeatEffect[] {
  return at.kind === 'up' ? [{ type: 'lost' }] : [];
}

function leave(seat: Seat, ...effects: readonly SeatEffect[]): SeatStep {
  return to({ ...seat, at: { kind: 'gone' } }, ...effects);
}

function to(seat: Seat, ...effects: readonly SeatEffect[]): SeatStep {
  return { seat, effects };
}

function isAt(seat: Seat, step: Rejoining['step']): seat is Seat & { readonly at: Rejoining } {
  return seat.at.kind === 'rejoining' && seat.at.step === step;
}
