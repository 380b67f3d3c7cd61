import { isTroupeError, TroupeError } from '../errors.ts';
import type { AgentState } from '../conversation/events.ts';
import type { Clock } from '../lib/clock.ts';
import { backoffMs } from '../lib/retry.ts';
import { openScope } from '../lib/scope.ts';
import type { Observe } from '../ports/observe.ts';
import type { JoinRequest, JoinRoom, LinkEnd, LinkEvent, RoomLink } from '../ports/room-link.ts';
import type { BotLease } from '../worker/bot.ts';

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

/** Why the place is gone. */
export type Gone =
  | { readonly kind: 'closed'; readonly reason: 'room-deleted' | 'removed' }
  /** The database gave the room to the bot that took our place. */
  | { readonly kind: 'evicted' }
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
const CONFIRM_AGAIN_MS = 1_000;
/** The lease's own watch gives up long before. */
const MAX_CONFIRMS = 60;

/**
 * Enters the room and stays. A path that comes back, by the native library's doing or by ours, counts
 * only after the database has said that the room is still ours: until then nothing is published.
 * @throws TroupeError of service `livekit` when the first join fails.
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
  let path: 'up' | 'down' | 'gone' = 'up';
  let shown: AgentState | undefined;
  let rejoins = 0;
  let joinedAt = clock.monotonicMs();
  let link = await deps.joinRoom(request, onEvent, scope.signal);

  function onEvent(event: LinkEvent): void {
    if (path === 'gone') return;
    if (event.type === 'ended') void recover(event.reason);
    else if (event.type === 'reconnecting') lose();
    else if (event.type === 'reconnected') void restore();
    else tell(event);
  }

  function lose(): void {
    if (path !== 'up') return;
    path = 'down';
    observe({ type: 'link-lost' });
    tell({ type: 'lost' });
  }

  /** The path is whole: it is ours again once the database says so. */
  async function restore(): Promise<void> {
    if (!(await isStillOurs())) return leaveFor({ kind: 'evicted' });
    if (path !== 'down') return;
    path = 'up';
    joinedAt = clock.monotonicMs();
    if (shown !== undefined) link.showAgentState(shown);
    observe({ type: 'link-restored' });
    tell({ type: 'restored' });
  }

  async function recover(reason: LinkEnd): Promise<void> {
    lose();
    if (reason === 'room-deleted' || reason === 'removed') {
      return leaveFor({ kind: 'closed', reason });
    }
    if (!(await isStillOurs())) return leaveFor({ kind: 'evicted' });
    if (clock.monotonicMs() - joinedAt > STABLE_MS) rejoins = 0;
    for (let error: unknown; path === 'down';) {
      if (rejoins >= MAX_REJOINS) return leaveFor({ kind: 'failed', error: asOurs(error) });
      rejoins += 1;
      observe({ type: 'room-rejoining', attempt: rejoins, why: reason });
      await pause(backoffMs(BACKOFF, rejoins, deps.random()));
      if (scope.signal.aborted) return;
      try {
        return await rejoin();
      } catch (cause) {
        error = cause;
      }
    }
  }

  async function rejoin(): Promise<void> {
    const joined = await deps.joinRoom(request, onEvent, scope.signal);
    if (scope.signal.aborted) return await joined[Symbol.asyncDispose]();
    link = joined;
    await restore();
  }

  async function pause(delayMs: number): Promise<void> {
    await clock.delay(delayMs, scope.signal).catch(() => undefined);
  }

  /** While the database gives no answer we wait, silent; the lease is lost before long. */
  async function isStillOurs(): Promise<boolean> {
    for (let asked = 0; asked < MAX_CONFIRMS && !scope.signal.aborted; asked += 1) {
      if (lease.lost.aborted) return false;
      const answer = await lease.confirm(scope.signal).catch(() => undefined);
      if (answer !== undefined) return answer;
      await pause(CONFIRM_AGAIN_MS);
    }
    return false;
  }

  function leaveFor(reason: Gone): void {
    if (path === 'gone' || scope.signal.aborted) return;
    path = 'gone';
    tell({ type: 'gone', reason });
  }

  return {
    isUp: () => path === 'up',
    listen(to) {
      tell = to;
      early.splice(0).forEach(to);
    },
    people: () => link.people(),
    showAgentState(state) {
      shown = state;
      if (path === 'up') link.showAgentState(state);
    },
    openSegment: (segmentId) => link.openSegment(segmentId),
    sendChatLine: (text) => link.sendChatLine(text),
    async [Symbol.asyncDispose]() {
      path = 'gone';
      tell = () => undefined;
      scope[Symbol.dispose]();
      await link[Symbol.asyncDispose]();
    },
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
