import { isTroupeError, TroupeError } from '../errors.ts';
import type { LoadCharacter } from '../character/loading.ts';
import { openContextWriter } from '../memory/context-writer.ts';
import { leaveInInbox } from '../memory/inbox.ts';
import type { MemoryStore } from '../ports/memory-store.ts';
import type { Observe } from '../ports/observe.ts';
import type { JoinRoom } from '../ports/room-link.ts';
import type { BotOutcome, BotStart, RunningBot } from '../worker/bot.ts';
import { cast } from './casting.ts';
import { openEnding } from './ending.ts';
import type { EndReason, Ending } from './ending.ts';
import { inherit } from './inheritance.ts';
import { enterRoom } from './kept-link.ts';
import { openTalk } from './talk.ts';
import type { Talk, TalkDeps } from './talk.ts';

/** What bots are made with, the same for all rooms of a process. */
export interface RoomBotDeps extends TalkDeps {
  readonly loadCharacter: LoadCharacter;
  readonly memory: MemoryStore;
  readonly joinRoom: JoinRoom;
}

/**
 * Starts the bot of one room. It never throws: whatever ends it is the outcome, at most five seconds
 * after its cause.
 */
export function startRoomBot(roomDeps: RoomBotDeps, start: BotStart): RunningBot {
  const { room, session, lease } = start;
  const observe: Observe = (observation) =>
    roomDeps.observe({ room, session, epoch: lease.epoch(), ...observation });
  const deps = { ...roomDeps, observe };
  const ending = openEnding(lease.lost);
  const opened = Promise.withResolvers<Talk>();
  opened.promise.catch(() => undefined);
  let talk: Talk | undefined;
  const outcome = attend(deps, start, ending, (one) => {
    talk = one;
    opened.resolve(one);
  });
  void outcome.finally(() => opened.reject(new Error(`the bot of room ${room} is gone`)));
  const absent = { characterId: start.characterId, humans: 0 };
  return {
    room,
    session,
    outcome,
    // A bot that is still on its way is handed over once it is there.
    prepareHandover: async (signal) => await (await opened.promise).prepareHandover(signal),
    adopt: () => talk?.goOn(),
    leave: (how) => ending.end({ kind: how }),
    status() {
      if (ending.reason() !== undefined) return { phase: 'leaving', ...absent };
      return talk?.status() ?? { phase: 'starting', ...absent };
    },
  };
}

/** Cast, enter, talk, leave. */
async function attend(
  deps: RoomBotDeps,
  start: BotStart,
  ending: Ending,
  opened: (talk: Talk) => void,
): Promise<BotOutcome> {
  const startedAt = deps.clock.monotonicMs();
  const { room, session, lease } = start;
  try {
    await using parts = new AsyncDisposableStack();
    parts.use(ending);
    const { character, chatLines, stored } = await cast(deps, start, ending.signal);
    const writer = parts.use(openContextWriter(deps, lease, stored));
    const place = { room, name: character.name };
    const link = parts.use(await enterRoom(deps, place, lease, ending.signal));
    const talk = parts.use(openTalk(deps, { character, chatLines, lease, link, writer }, ending));
    const tookMs = Math.round(deps.clock.monotonicMs() - startedAt);
    deps.observe({ type: 'room-joined', tookMs, people: link.people().length });
    opened(talk);
    talk.open(await inherit(deps, start, writer, ending.signal));

    const why = await ending.why;
    const phase = talk.status().phase;
    // A lost room is left at once: the native library would come back to it by itself.
    if (isLoss(why)) void link[Symbol.asyncDispose]();
    await talk.finish(why);
    await talk[Symbol.asyncDispose]();
    await Promise.all([link[Symbol.asyncDispose](), writer[Symbol.asyncDispose]()]);
    if (isLoss(why)) {
      await leaveInInbox(deps, { room, session, epoch: lease.epoch() }, writer.unsaved());
    }
    return toOutcome(why, phase === 'handing-over');
  } catch (error) {
    return toOutcome(ending.reason() ?? { kind: 'failed', error: asOurs(deps, error) }, false);
  }
}

function toOutcome(why: EndReason, handingOver: boolean): BotOutcome {
  if (why.kind === 'failed') return why;
  if (why.kind === 'drain') return { kind: 'handed-over' };
  if (isLoss(why)) return { kind: handingOver ? 'handed-over' : 'lost' };
  return { kind: 'left', reason: why.kind === 'stop' ? 'stopped' : why.reason };
}

/** Another bot is the room's now. */
function isLoss(why: EndReason): why is Extract<EndReason, { readonly kind: 'lost' | 'evicted' }> {
  return why.kind === 'lost' || why.kind === 'evicted';
}

/** What is not ours is a defect of ours: told as it is, and tried again elsewhere. */
function asOurs({ observe }: RoomBotDeps, error: unknown): TroupeError {
  if (isTroupeError(error)) return error;
  observe({ type: 'unexpected-error', error });
  return new TroupeError('the bot failed by a defect', {
    kind: 'rejected',
    fault: 'fleet',
    service: 'bot',
    cause: error,
  });
}
