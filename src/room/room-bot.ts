import type { LoadCharacter } from '../character/loading.ts';
import { unlessAborted } from '../lib/abort.ts';
import { openContextWriter } from '../memory/context-writer.ts';
import type { BotOutcome, BotStart, ModeName, RunningBot } from '../ports/bot.ts';
import type { MemoryStore } from '../ports/memory-store.ts';
import type { ObservationBody, Observe } from '../ports/observe.ts';
import type { JoinRoom } from '../ports/room-link.ts';
import { cast } from './casting.ts';
import { openEnding } from './ending.ts';
import type { EndReason, Ending } from './ending.ts';
import { inherit } from './inheritance.ts';
import { enterRoom } from './kept-link.ts';
import { leaveInOrder, leaveInTime } from './leaving.ts';
import { chooseMode, warmVoice } from './talk-voice.ts';
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
  const ending = openEnding(lease.lost, observe);
  const opened = Promise.withResolvers<Talk>();
  opened.promise.catch(() => undefined);
  let talk: Talk | undefined;
  const outcome = attend({ ...roomDeps, observe }, start, ending, (one) => {
    talk = one;
    opened.resolve(one);
  });
  void outcome.finally(() => opened.reject(new Error(`the bot of room ${room} is gone`)));
  const absent = { characterId: start.characterId, humans: 0, mode: start.mode };
  return {
    room,
    session,
    outcome,
    // A bot that is still on its way is handed over once it is there.
    async prepareHandover(signal) {
      const there = await unlessAborted(opened.promise, signal);
      return await unlessAborted(there.prepareHandover(signal), ending.signal);
    },
    adopt: () => talk?.goOn(),
    leave: (how) => ending.end({ kind: how }),
    status() {
      if (ending.reason() !== undefined) return { phase: 'leaving', ...absent };
      return talk?.status() ?? { phase: 'starting', ...absent };
    },
  };
}

/** Cast, enter, talk; at its end, whatever it is, the room is left in order. */
async function attend(
  deps: RoomBotDeps,
  start: BotStart,
  ending: Ending,
  opened: (talk: Talk) => void,
): Promise<BotOutcome> {
  const startedAt = deps.clock.monotonicMs();
  const { room, lease } = start;
  let talk: Talk | undefined;
  const parts = new AsyncDisposableStack();
  try {
    const { character, chatLines, record, stored } = await cast(deps, start, ending.signal);
    const relieves = start.arrival === 'handover' && start.mode === 'voice';
    const place = { room, name: character.name, relieves };
    const voiceDeps = { ...deps, defaultMode: deps.settings.defaultMode };
    await unlessAborted(warmVoice(voiceDeps, start.mode, character), ending.signal);
    const link = parts.use(await enterRoom(deps, place, lease, ending.signal));
    const choosing = chooseMode(voiceDeps, start.mode, character, link);
    const mode = await unlessAborted(choosing, ending.signal);
    const writer = parts.use(openContextWriter(deps, lease, stored));
    talk = openTalk(deps, { character, chatLines, record, lease, link, mode, writer }, ending);
    const attendance = { lease, link, writer, talk };
    parts.defer(() => leaveInOrder(deps, attendance));
    deps.observe(joined(deps, start, { startedAt, mode: mode.name, people: link.people().length }));
    opened(talk);
    talk.open(await inherit(deps, start, writer, ending.signal));
  } catch (error) {
    ending.fail(error);
  }
  const outcome = toOutcome(await ending.why, talk?.status().phase === 'handing-over');
  await leaveInTime(deps, parts);
  return outcome;
}

function joined(
  { clock }: Pick<RoomBotDeps, 'clock'>,
  { arrival, receivedAt }: BotStart,
  { startedAt, ...how }: { startedAt: number; mode: ModeName; people: number },
): ObservationBody {
  const since = (at: number): number => Math.round(clock.monotonicMs() - at);
  return {
    type: 'room-joined',
    arrival,
    ...how,
    tookMs: since(startedAt),
    ...(receivedAt !== undefined && { sinceReceiptMs: since(receivedAt) }),
  };
}

function toOutcome(why: EndReason, handingOver: boolean): BotOutcome {
  if (why.kind === 'failed') return why;
  if (why.kind === 'drain') return { kind: 'handed-over' };
  if (why.kind === 'lost') return { kind: handingOver ? 'handed-over' : 'lost' };
  return { kind: 'left', reason: why.kind === 'stop' ? 'stopped' : why.reason };
}
