import { isTroupeError, TroupeError } from '../errors.ts';
import type { Clock, Timer } from '../lib/clock.ts';
import { withDeadline } from '../lib/deadline.ts';
import { backoffMs } from '../lib/retry.ts';
import { openScope } from '../lib/scope.ts';
import type { BotLease } from '../ports/bot.ts';
import type { Observe } from '../ports/observe.ts';
import type { JoinRequest, JoinRoom, LinkEvent, RoomLink } from '../ports/room-link.ts';
import { openKeptSound } from './kept-sound.ts';
import { openKeptState } from './kept-state.ts';
import { makeLink } from './new-link.ts';
import type { NewLink } from './new-link.ts';
import { reduceSeat, takeSeat } from './seat.ts';
import type { SeatEffect, SeatEffects, SeatEvent } from './seat.ts';
import { isStillOurs } from './still-ours.ts';

export interface KeptLinkDeps {
  readonly joinRoom: JoinRoom;
  readonly clock: Clock;
  readonly observe: Observe;
  readonly random: () => number;
}

/** What a place in the room tells. */
export type PlaceEvent =
  | Exclude<LinkEvent, { readonly type: 'reconnecting' | 'reconnected' | 'ended' }>
  | { readonly type: 'lost' }
  | { readonly type: 'restored' }
  /** For good, and why. */
  | { readonly type: 'gone'; readonly reason: Gone };

/** Why the place is gone; a lost lease tells by itself. */
export type Gone =
  | { readonly kind: 'closed'; readonly reason: 'room-deleted' | 'removed' }
  | { readonly kind: 'failed'; readonly error: TroupeError };

/** The bot's place in the room, kept over cuts of the path and evictions that were not rightful. */
export interface KeptLink extends RoomLink {
  /** Tells from now on what happens, first all that has happened since the join. */
  listen(to: (event: PlaceEvent) => void): void;
  /** Whether what is published now gets there, as the bot of this room. */
  isUp(): boolean;
  /**
   * A path that is cut is given up, and made anew if the room is still ours: what the native library
   * keeps of what was said meanwhile is not to get there any more.
   */
  forsakeCut(): void;
}

/** Which place to take, and whether a live bot has it. */
export interface PlaceRequest extends Pick<JoinRequest, 'room' | 'name'> {
  readonly relieves: boolean;
}

const BACKOFF = { firstMs: 100, maxMs: 3_000 };
/** The link gives its own good-bye less. */
const CLOSE_LIMIT_MS = 3_000;
/** How often it is looked whether the lease still lets the native library look for its path. */
const TRUST_LOOK_MS = 500;

/**
 * Enters the room and stays until `signal` aborts. A path that comes back, by the native library's
 * doing or by ours, counts only after the database has said that the room is still ours: until then
 * nothing is published. When the lease is lost the place is left at once: the native library would
 * come back to it by itself.
 * @throws TroupeError of service `livekit` when the first join fails; the signal's reason.
 */
export async function enterRoom(
  deps: KeptLinkDeps,
  { relieves, ...request }: PlaceRequest,
  lease: BotLease,
  signal: AbortSignal,
): Promise<KeptLink> {
  const { clock, observe } = deps;
  const scope = openScope(signal);
  const early: PlaceEvent[] = [];
  let tell = (event: PlaceEvent): void => void early.push(event);
  let closing: Promise<void> | undefined;
  let doubt: Timer | undefined;
  const first = await firstLink();
  let link = first.link;
  let seat = takeSeat(clock.monotonicMs());
  const kept = openKeptSound({
    ...deps,
    link: () => link,
    isUp,
    mayPublish,
    signal: scope.signal,
  });
  const state = openKeptState({ clock, link: () => link, mayPublish });
  const effects: SeatEffects = {
    lost() {
      observe({ type: 'link-lost' });
      tell({ type: 'lost' });
    },
    abandon: () => void closed(link),
    absent: () => lease.present(false),
    restored() {
      lease.present(true);
      state.again();
      kept.restored();
      observe({ type: 'link-restored' });
      tell({ type: 'restored' });
    },
    async ask({ ask }) {
      const ours = await isStillOurs(deps, lease, scope.signal);
      happened({ type: 'answered', ask, ours, now: clock.monotonicMs() });
    },
    async rest({ rejoins }) {
      const pauseMs = backoffMs(BACKOFF, rejoins, deps.random());
      await clock.delay(pauseMs, scope.signal).catch(() => undefined);
      happened({ type: 'rested' });
    },
    async join({ attempt, why }) {
      observe({ type: 'room-rejoining', attempt, why });
      const joined = await join(request).catch((failure: unknown) => ({ failure }));
      if ('failure' in joined) return happened({ type: 'join-failed', ...joined });
      link = joined.link;
      kept.moved();
      happened({ type: 'joined' });
      joined.hear();
    },
    closed: (closed) => tell({ type: 'gone', reason: { kind: 'closed', reason: closed.reason } }),
    failed({ failure }) {
      tell({ type: 'gone', reason: { kind: 'failed', error: asOurs(failure) } });
    },
  };
  if (lease.lost.aborted) onLost();
  else lease.lost.addEventListener('abort', onLost, { once: true });
  first.hear();

  /** A process that was stopped on its way here must not evict whoever came meanwhile. */
  async function firstLink(): Promise<NewLink> {
    try {
      await confirm();
      const joined = await join({ ...request, ...(relieves && { relieving: confirm }) });
      lease.present(true);
      return joined;
    } catch (error) {
      scope[Symbol.dispose]();
      throw error;
    }
  }

  async function confirm(): Promise<void> {
    if (!lease.mayPublish()) await isStillOurs(deps, lease, scope.signal);
  }

  function join(how: JoinRequest): Promise<NewLink> {
    return makeLink(deps.joinRoom, how, onEvent, scope.signal);
  }

  function onEvent(event: LinkEvent): void {
    const now = clock.monotonicMs();
    if (event.type === 'reconnecting') isCut(lease.mayPublish());
    else if (event.type === 'reconnected') happened({ type: 'whole' });
    else if (event.type === 'ended') happened({ type: 'ended', why: event.reason, now });
    else tell(event);
  }

  function isCut(trusted: boolean): void {
    happened({ type: 'cut', now: clock.monotonicMs(), trusted });
  }

  function lookForTrust(): void {
    if (lease.mayPublish()) doubt = clock.after(TRUST_LOOK_MS, lookForTrust);
    else isCut(false);
  }

  function happened(event: SeatEvent): void {
    const next = reduceSeat(seat, event);
    seat = next.seat;
    doubt?.[Symbol.dispose]();
    doubt = seat.at.kind === 'broken' ? clock.after(TRUST_LOOK_MS, lookForTrust) : undefined;
    for (const effect of next.effects) {
      void (effects[effect.type] as (effect: SeatEffect) => unknown)(effect);
    }
  }

  function isUp(): boolean {
    return seat.at.kind === 'up';
  }

  function mayPublish(): boolean {
    return isUp() && lease.mayPublish();
  }

  function onLost(): void {
    void close();
  }

  function close(): Promise<void> {
    closing ??= leave();
    return closing;
  }

  async function leave(): Promise<void> {
    happened({ type: 'left' });
    state[Symbol.dispose]();
    tell = () => undefined;
    lease.lost.removeEventListener('abort', onLost);
    scope[Symbol.dispose]();
    await closed(link);
  }

  async function closed(one: RoomLink): Promise<void> {
    const left = withDeadline(clock, CLOSE_LIMIT_MS, async () => {
      await one[Symbol.asyncDispose]();
    });
    await left.catch(() => undefined);
  }

  return {
    ...kept.sound,
    isUp,
    forsakeCut() {
      if (seat.at.kind === 'broken') isCut(false);
    },
    listen(to) {
      tell = to;
      early.splice(0).forEach(to);
    },
    people: () => link.people(),
    showAgentState: (to) => state.show(to),
    sendChatLine: (text) => link.sendChatLine(text),
    [Symbol.asyncDispose]: close,
  };
}

function asOurs(error: unknown): TroupeError {
  if (isTroupeError(error)) return error;
  return new TroupeError('LiveKit: our place in the room is taken from us again and again', {
    kind: 'unavailable',
    fault: 'fleet',
    service: 'livekit',
    cause: error,
  });
}
