import { randomUUID } from 'node:crypto';
import type { AgentState, Person } from '../../src/conversation/events.ts';
import { TroupeError } from '../../src/errors.ts';
import { systemClock } from '../../src/lib/clock.ts';
import type { Clock } from '../../src/lib/clock.ts';
import type { JoinRoom, LinkEnd, LinkEvent, RoomLink } from '../../src/ports/room-link.ts';
import {
  makeFakeSoundRoom,
  openFakeSound,
  openFakeVisitorSound,
  takeMicrophones,
} from './fake-room-sound.ts';
import type { FakeSoundRoom } from './fake-room-sound.ts';
import { openChanges } from './until.ts';
import type { SoundVisitor } from './sound-visitor.ts';
import type { ShownLine, ShownSegment } from './visitor.ts';

/** LiveKit in memory: rooms with at most one bot each, and visitors who see what it sends. */
export interface FakeRooms {
  readonly join: JoinRoom;
  visit(room: string, person: Pick<Person, 'identity'> & Partial<Person>): FakeVisitor;
  /** The bot's connection ends for this reason. */
  end(room: string, reason: LinkEnd): void;
  /** The path of the room's bot is cut: it may reconnect, or end. */
  cut(room: string): void;
  mend(room: string): void;
  /** The next joins fail with this. */
  failJoins(error: TroupeError, times: number): void;
  /** How often bots joined the room so far. */
  joins(room: string): number;
  /** Sends something odd to the bot as the wire would. */
  tell(room: string, event: LinkEvent): void;
}

export interface FakeVisitor extends SoundVisitor {
  /** Leaves the room. */
  leave(): void;
}

/** `clock` is the time of the sound. */
export function openFakeRooms(clock: Clock = systemClock): FakeRooms {
  const rooms = new Map<string, FakeRoom>();
  const failures: TroupeError[] = [];
  const at = (name: string): FakeRoom => {
    const room = rooms.get(name) ?? makeRoom();
    rooms.set(name, room);
    return room;
  };
  return {
    async join({ room }, listen, signal) {
      await Promise.resolve();
      signal.throwIfAborted();
      const failure = failures.shift();
      if (failure !== undefined) throw failure;
      return enter(at(room), clock, listen);
    },
    visit: (room, person) => visit(at(room), person),
    end: (room, reason) => at(room).bot?.end(reason),
    cut: (room) => at(room).bot?.setPath('cut'),
    mend: (room) => at(room).bot?.setPath('up'),
    failJoins(error, times) {
      failures.push(...Array.from({ length: times }, () => error));
    },
    joins: (room) => at(room).joins,
    tell: (room, event) => at(room).bot?.listen(event),
  };
}

interface FakeRoom {
  bot: FakeBot | undefined;
  joins: number;
  readonly people: Map<string, Person>;
  readonly lines: ShownLine[];
  readonly segments: Map<string, ShownSegment>;
  readonly states: AgentState[];
  readonly sound: FakeSoundRoom;
  readonly changes: ReturnType<typeof openChanges>;
}

interface FakeBot {
  readonly listen: (event: LinkEvent) => void;
  /** Tells who comes and goes, while there is a path on which to learn it. */
  readonly notice: (event: LinkEvent) => void;
  end(reason: LinkEnd): void;
  setPath(path: 'up' | 'cut'): void;
}

const BOT = 'bot';

function makeRoom(): FakeRoom {
  const changes = openChanges();
  return {
    bot: undefined,
    joins: 0,
    people: new Map(),
    lines: [],
    segments: new Map(),
    states: [],
    sound: makeFakeSoundRoom(changes),
    changes,
  };
}

/** As a newer participant of the same identity: the older one is told and out. */
function enter(room: FakeRoom, clock: Clock, listen: (event: LinkEvent) => void): RoomLink {
  room.bot?.end('duplicate-identity');
  room.joins += 1;
  let path: 'up' | 'cut' | 'gone' = 'up';
  const { changed, ...sound } = openFakeSound(room.sound, clock, () => path, unavailable);
  const bot: FakeBot = {
    listen: (event) => path !== 'gone' && listen(event),
    notice: (event) => path === 'up' && listen(event),
    end(reason) {
      if (path === 'gone') return;
      leave();
      listen({ type: 'ended', reason });
    },
    setPath(next) {
      if (path === 'gone' || path === next) return;
      path = next;
      changed();
      listen({ type: next === 'cut' ? 'reconnecting' : 'reconnected' });
    },
  };
  room.bot = bot;
  room.changes.tell();

  function leave(): void {
    path = 'gone';
    changed();
    if (room.bot === bot) room.bot = undefined;
    room.changes.tell();
  }
  function send(run: () => void): void {
    if (path !== 'up') throw unavailable();
    run();
    room.changes.tell();
  }

  return {
    people: () => [...room.people.values()],
    showAgentState: (state) => {
      if (path === 'up') send(() => room.states.push(state));
    },
    async sendChatLine(text) {
      await Promise.resolve();
      send(() => room.lines.push({ id: randomUUID(), from: BOT, text }));
    },
    ...sound,
    showTranscript({ segmentId: id, speaker: from, trackId, text, final }) {
      if (path === 'up') send(() => show(room, { id, from, trackId, text, final }));
    },
    openSegment: (id, trackId) => ({
      async write(more) {
        await Promise.resolve();
        const text = (room.segments.get(id)?.text ?? '') + more;
        send(() => show(room, { id, from: BOT, trackId, text, final: false }));
      },
      async end(text) {
        await Promise.resolve();
        send(() => show(room, { id, from: BOT, trackId, text, final: true }));
      },
    }),
    async [Symbol.asyncDispose]() {
      await Promise.resolve();
      leave();
    },
  };
}

function show(room: FakeRoom, segment: Omit<ShownSegment, 'history'>): void {
  const history = [...(room.segments.get(segment.id)?.history ?? []), segment.text];
  room.segments.set(segment.id, { ...segment, history });
}

function visit(room: FakeRoom, given: Pick<Person, 'identity'> & Partial<Person>): FakeVisitor {
  const person: Person = { name: given.identity, kind: 'human', ...given };
  const { identity } = person;
  const returned = new Set<ShownLine>();
  room.people.set(identity, person);
  room.bot?.notice({ type: 'person-joined', person });
  const leave = (): void => {
    if (!room.people.delete(identity)) return;
    takeMicrophones(room.sound, identity);
    room.bot?.notice({ type: 'person-left', identity });
    room.changes.tell();
  };
  const { until } = room.changes;
  return {
    ...openFakeVisitorSound(room.sound, person),
    identity,
    lines: room.lines,
    states: room.states,
    get segments() {
      return [...room.segments.values()];
    },
    async say(text) {
      await Promise.resolve();
      const id = randomUUID();
      room.bot?.listen({ type: 'chat-received', wire: 'text-stream', id, person, text });
      return id;
    },
    async heard(text, limitMs) {
      const line = await until(
        `a chat line like ${text}`,
        () => room.lines.find((one) => !returned.has(one) && text.test(one.text)),
        limitMs,
      );
      returned.add(line);
      return line;
    },
    read: (text, limitMs) =>
      until(
        `a final segment like ${text}`,
        () => [...room.segments.values()].find((one) => one.final && text.test(one.text)),
        limitMs,
      ),
    async sees(state, limitMs) {
      await until(`the bot to show ${state}`, () => room.states.at(-1) === state, limitMs);
    },
    async meets(other, limitMs) {
      await until(`${other} to come`, () => isThere(room, other), limitMs);
    },
    async misses(other, limitMs) {
      await until(`${other} to go`, () => !isThere(room, other), limitMs);
    },
    leave,
    async [Symbol.asyncDispose]() {
      await Promise.resolve();
      leave();
    },
  };
}

/** Every identity `bot-<room>` is the room's bot. */
function isThere(room: FakeRoom, identity: string): boolean {
  return identity.startsWith('bot-') ? room.bot !== undefined : room.people.has(identity);
}

function unavailable(): TroupeError {
  return new TroupeError('the path to the room is cut', {
    kind: 'unavailable',
    fault: 'fleet',
    service: 'livekit',
  });
}
