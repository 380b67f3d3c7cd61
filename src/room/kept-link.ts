import { isTroupeError, TroupeError } from '../errors.ts';
import type { AgentState } from '../conversation/events.ts';
import type { Clock } from '../lib/clock.ts';
import { withDeadline } from '../lib/deadline.ts';
import { backoffMs } from '../lib/retry.ts';
import { openScope } from '../lib/scope.ts';
import type { Observe } from '../ports/observe.ts';
import type { JoinRequest, JoinRoom, LinkEnd, LinkEvent, RoomLink } from '../ports/room-link.ts';
import type { BotLease } from '../worker/bot.ts';
import { openKeptSound } from './kept-sound.ts';
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
}

const BACKOFF = { firstMs: 100, maxMs: 3_000 };
/** Joins in a row that may fail, or be undone within a minute, before the place is given up. */
const MAX_REJOINS = 6;
const STABLE_MS = 60_000;
/** The link gives its own good-bye less. */
const CLOSE_LIMIT_MS = 3_000;

/** One connection to the room, and how it ends. */
interface Seat {
  readonly link: RoomLink;
  readonly ended: Promise<LinkEnd>;
}

/**
 * Enters the room and stays until `signal` aborts. A path that comes back, by the native library's
 * doing or by ours, counts only after the database has said that the room is still ours: until then
 * nothing is published. When the lease is lost the place is left at once: the native library would
 * come back to it by itself.
 * @throws TroupeError of service `livekit` when the first join fails; the signal's reason.
 */
export async function enterRoom(
  deps: KeptLinkDeps,
  request: JoinRequest,
  lease: BotLease,
  signal: AbortSignal,
): Promise<KeptLink> {
  const { clock, observe } = deps;
  const scope = openScope(signal);
  const early: PlaceEvent[] = [];
  let tell = (event: PlaceEvent): void => void early.push(event);
  /** The path as the link has it, how often it broke, and whether it counts. */
  let whole = true;
  let breaks = 0;
  let up = true;
  let upSince = clock.monotonicMs();
  let rejoins = 0;
  let shown: AgentState | undefined;
  let closing: Promise<void> | undefined;
  const kept = openKeptSound({
    ...deps,
    link: () => seat.link,
    isUp: () => up,
    mayPublish,
    signal: scope.signal,
  });
  let seat = await firstSeat();
  if (lease.lost.aborted) onLost();
  else lease.lost.addEventListener('abort', onLost, { once: true });
  void keepSeat();

  /** A process that was stopped on its way here must not evict whoever came meanwhile. */
  async function firstSeat(): Promise<Seat> {
    try {
      if (!lease.mayPublish()) await isOurs();
      const first = await takeSeat();
      lease.present(true);
      return first;
    } catch (error) {
      scope[Symbol.dispose]();
      throw error;
    }
  }

  async function takeSeat(): Promise<Seat> {
    scope.signal.throwIfAborted();
    const ended = Promise.withResolvers<LinkEnd>();
    whole = true;
    const onEvent = (event: LinkEvent): void => {
      if (event.type === 'reconnecting') onBreak('connection-lost');
      else if (event.type === 'ended') onBreak(event.reason);
      else if (event.type === 'reconnected') onWhole();
      else tell(event);
      if (event.type === 'ended') ended.resolve(event.reason);
    };
    const link = await deps.joinRoom(request, onEvent, scope.signal);
    if (!scope.signal.aborted) return { link, ended: ended.promise };
    await link[Symbol.asyncDispose]();
    throw scope.signal.reason;
  }

  function onBreak(why: LinkEnd): void {
    whole = false;
    breaks += 1;
    if (why === 'connection-lost') lease.present(false);
    if (!up) return;
    up = false;
    if (clock.monotonicMs() - upSince > STABLE_MS) rejoins = 0;
    observe({ type: 'link-lost' });
    tell({ type: 'lost' });
  }

  function onWhole(): void {
    whole = true;
    void restore();
  }

  /** A whole path counts once the database says that the room is ours, unless it broke meanwhile. */
  async function restore(): Promise<void> {
    const brokenBefore = breaks;
    const ours = await isOurs();
    if (!ours || up || !whole || breaks !== brokenBefore) return;
    up = true;
    upSince = clock.monotonicMs();
    lease.present(true);
    if (shown !== undefined) show(shown);
    kept.restored();
    observe({ type: 'link-restored' });
    tell({ type: 'restored' });
  }

  async function keepSeat(): Promise<void> {
    for (let next: Seat | undefined = seat; next !== undefined;) {
      const reason = await next.ended;
      if (reason === 'room-deleted' || reason === 'removed') {
        return giveUp({ kind: 'closed', reason });
      }
      next = await retakeSeat(reason);
      if (next === undefined) return;
      seat = next;
      kept.moved();
      void restore();
    }
  }

  /** Asks the database at once: a successor waits for our last words. And again after each pause. */
  async function retakeSeat(why: LinkEnd): Promise<Seat | undefined> {
    let failure: unknown;
    while (await isOurs()) {
      if (rejoins >= MAX_REJOINS) return giveUp({ kind: 'failed', error: asOurs(failure) });
      if (rejoins > 0) await pause(backoffMs(BACKOFF, rejoins, deps.random()));
      if (rejoins > 0 && !(await isOurs())) break;
      rejoins += 1;
      observe({ type: 'room-rejoining', attempt: rejoins, why });
      try {
        return await takeSeat();
      } catch (error) {
        failure = error;
      }
    }
    return undefined;
  }

  function isOurs(): Promise<boolean> {
    return isStillOurs(deps, lease, scope.signal);
  }

  async function pause(delayMs: number): Promise<void> {
    await clock.delay(delayMs, scope.signal).catch(() => undefined);
  }

  function giveUp(reason: Gone): undefined {
    if (!scope.signal.aborted) tell({ type: 'gone', reason });
    return undefined;
  }

  function show(state: AgentState): void {
    shown = state;
    if (mayPublish()) seat.link.showAgentState(state);
  }

  function mayPublish(): boolean {
    return up && lease.mayPublish();
  }

  function onLost(): void {
    void close();
  }

  function close(): Promise<void> {
    closing ??= leaveSeat();
    return closing;
  }

  async function leaveSeat(): Promise<void> {
    up = false;
    tell = () => undefined;
    lease.lost.removeEventListener('abort', onLost);
    scope[Symbol.dispose]();
    const left = withDeadline(clock, CLOSE_LIMIT_MS, async () => {
      await seat.link[Symbol.asyncDispose]();
    });
    await left.catch(() => undefined);
  }

  return {
    ...kept.sound,
    isUp: () => up,
    listen(to) {
      tell = to;
      early.splice(0).forEach(to);
    },
    people: () => seat.link.people(),
    showAgentState: show,
    sendChatLine: (text) => seat.link.sendChatLine(text),
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
