import type { Character } from '../../src/character/character.ts';
import { makeCharacterLoader } from '../../src/character/loading.ts';
import { TroupeError } from '../../src/errors.ts';
import { GIVE_WAY_MS } from '../../src/lib/give-way.ts';
import type { ContextMessage } from '../../src/memory/context.ts';
import type { BotOutcome, ModeName, RunningBot } from '../../src/ports/bot.ts';
import type { Observation } from '../../src/ports/observe.ts';
import { startRoomBot } from '../../src/room/room-bot.ts';
import type { RoomBotDeps } from '../../src/room/room-bot.ts';
import { takeLease } from '../support/fake-bot-lease.ts';
import type { FakeBotLease } from '../support/fake-bot-lease.ts';
import { makeFakeDirectory } from '../support/fake-directory.ts';
import { makeFakeLeaseTable } from '../support/fake-lease-table.ts';
import { makeFakeLlm } from '../support/fake-llm.ts';
import type { FakeCompletion } from '../support/fake-llm.ts';
import { makeFakeMemoryStore } from '../support/fake-memory-store.ts';
import { openFakeRooms } from '../support/fake-room-link.ts';
import { openHandClock, settled } from '../support/hand-clock.ts';

export const ROOM = 'room';

/** A bot that was started, its lease, and how it ended. */
export interface Started {
  readonly bot: RunningBot;
  readonly lease: FakeBotLease;
  readonly outcome: () => BotOutcome | undefined;
}

/** What a world is made with; the rest is a room with Mia in it who repeats what is said to her. */
export interface WorldOptions {
  readonly character?: Partial<Character>;
  readonly script?: (completion: FakeCompletion) => void;
  readonly conversation?: Partial<RoomBotDeps['settings']['conversation']>;
  readonly parts?: Partial<RoomBotDeps>;
  readonly mode?: ModeName;
}

/** Everything around room bots, in memory and on a clock that is moved by hand. */
export function openBotWorld(options: WorldOptions = {}) {
  const clock = openHandClock();
  const leases = makeFakeLeaseTable(() => clock.wallMs());
  const store = makeFakeMemoryStore(leases);
  const directory = makeFakeDirectory();
  const rooms = openFakeRooms(clock);
  const llm = makeFakeLlm(options.script ?? repeat);
  const observed: Observation[] = [];
  let ids = 0;
  directory.putSession({ id: ROOM, characterId: 'mia' });
  directory.putCharacter({ id: 'mia', name: 'Mia', prompt: 'You are Mia.', ...options.character });
  const deps: RoomBotDeps = {
    llm,
    leases,
    memory: store,
    clock,
    observe: (one) => void observed.push(one),
    random: () => 0,
    newId: () => `id-${(ids += 1)}`,
    joinRoom: rooms.join,
    loadCharacter: makeCharacterLoader(
      { directory, clock },
      { ttlMs: 60_000, maxEntries: 10, unknownSessionGraceMs: 30_000 },
    ),
    loadVoice: () => Promise.reject(failure('not-ready', 'voice')),
    settings: settingsWith(options.conversation),
    ...options.parts,
  };

  const started = (lease: FakeBotLease, requestedAt = 0): Started => {
    const { room, session, arrival } = lease;
    const asked = { characterId: undefined, mode: options.mode, requestedAt };
    const bot = startRoomBot(deps, { room, session, arrival, lease, ...asked });
    let outcome: BotOutcome | undefined;
    void bot.outcome.then((one) => (outcome = one));
    return { bot, lease, outcome: () => outcome };
  };

  /** What is saved once the save has had its moment. */
  const stored = async (): Promise<readonly ContextMessage[]> => {
    await clock.live(GIVE_WAY_MS);
    return (await store.load(ROOM))?.messages ?? [];
  };

  return {
    clock,
    leases,
    store,
    directory,
    rooms,
    llm,
    observed,
    deps,
    started,
    /** A bot was here, said its joined line, saved these messages and crashed. */
    crashed: async (...messages: readonly ContextMessage[]): Promise<void> => {
      const held = { room: ROOM, epoch: (await takeLease(leases, ROOM)).epoch() };
      await leases.claimJoined(held);
      await store.save({ ...held, session: ROOM, version: 1, messages, turns: [] });
    },
    /** Starts a bot under a lease of its own and gives it `liveMs` to arrive. */
    start: async (more: { liveMs?: number; generation?: number } = {}): Promise<Started> => {
      const { liveMs = 0, ...successor } = more;
      const one = started(await takeLease(leases, ROOM, successor));
      await clock.live(liveMs);
      return one;
    },
    enter: (name: string, kind: 'human' | 'bot' = 'human') => {
      const visitor = rooms.visit(ROOM, { identity: name.toLowerCase(), name, kind });
      return {
        ...visitor,
        /** Says something; what follows at once has followed when this resolves. */
        says: async (text: string): Promise<void> => {
          await visitor.say(text);
          await settled();
        },
        lines: () => visitor.lines.map(({ text }) => text),
        segments: () => visitor.segments.map(({ text, final }) => ({ text, final })),
        states: () => visitor.states,
      };
    },
    stored,
    texts: async (): Promise<readonly string[]> => (await stored()).map(toText),
    /** What was observed of one type. */
    told: (type: Observation['type']) => observed.filter((one) => one.type === type),
  };
}

/** A world whose model waits for the test, and repeats what it hears once it is let go. */
export function openPatientWorld() {
  let script = (_completion: FakeCompletion): void => undefined;
  const world = openBotWorld({ script: (completion) => script(completion) });
  return { ...world, letModelGo: () => void (script = repeat) };
}

/** The model repeats what was said last. */
export function repeat(completion: FakeCompletion): void {
  completion.say(`You said ${completion.request.messages.at(-1)?.content}.`);
  completion.finish();
}

/** A message in one line, as a reader of the context has it. */
export function toText(message: ContextMessage): string {
  if (message.role === 'user') return `${message.name}: ${message.text}`;
  return message.role === 'assistant' ? `Mia: ${message.text}` : `(${message.text})`;
}

export function failure(kind: TroupeError['kind'], service: string): TroupeError {
  return new TroupeError(`${service} says ${kind}`, { kind, fault: 'fleet', service });
}

function settingsWith(
  conversation: Partial<RoomBotDeps['settings']['conversation']> = {},
): RoomBotDeps['settings'] {
  return {
    conversation: {
      idleTimeoutMs: 30_000,
      departureGraceMs: 5_000,
      leaveWhen: 'last-human',
      chatSettleMs: 0,
      newTurnWhileReplying: 'queue',
      linkLostWhileReplying: 'wait',
      maxPending: 10,
      followUpMs: 10_000,
      handoverReplyMs: 5_000,
      speech: {
        minSilenceMs: 250,
        maxSilenceMs: 3_000,
        finalWaitMs: 1_500,
        maxSpeechMs: 60_000,
        holdMs: 2_000,
        yieldMs: 3_000,
        echoGuardMs: 3_000,
        strangerWords: 4,
        draftsPerTurn: 0,
      },
      ...conversation,
    },
    reply: {
      model: 'a/model',
      maxTokens: 100,
      maxCharacters: 1_000,
      contextTokens: 1_000,
      firstTokenTimeoutMs: 10_000,
      tokenGapTimeoutMs: 10_000,
      attempts: 1,
    },
    pathMs: 80,
    ears: {
      threshold: 0.5,
      minSpeechMs: 64,
      minPauseMs: 96,
      sustainedMs: 300,
      minConfidence: 0.7,
    },
    defaultMode: 'text',
  };
}
