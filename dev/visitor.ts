import './quiet.ts';
import { Room, RoomEvent } from '@livekit/rtc-node';
import type { TextStreamReader } from '@livekit/rtc-node';
import type { LiveKitAddress } from './livekit/server.ts';
import { mintGuestToken } from './livekit/token.ts';
import type { Guest } from './livekit/token.ts';

/** Who enters which room, and who is told what happens there; people are named by identity. */
export interface VisitorOptions {
  readonly server: Pick<LiveKitAddress, 'url' | 'apiKey' | 'apiSecret'>;
  readonly guest: Guest;
  /** Called with each chat line of somebody else. */
  readonly onLine: (from: string, line: string) => void;
  /** Called when somebody comes (`joined`), goes (`left`), or a bot shows a state, at first the one that it had. */
  readonly onPresence: (who: string, what: string) => void;
  /** Called with what a segment of transcription shows, each time that it grows or is replaced. */
  readonly onSegment?: (who: string, segmentId: string, text: string) => void;
}

/** A person in a room, as a classic chat client would have it. Every wait fails after its limit. */
export interface Visitor extends AsyncDisposable {
  /** For a microphone and a loudspeaker. */
  readonly room: Room;
  say(text: string): Promise<void>;
  /** Resolves with the first line after the last one that was waited for that `test` accepts. */
  hears(test: (line: string) => boolean, limitMs: number): Promise<string>;
  /** Resolves when a bot shows this state after the last one that was waited for. */
  shows(state: string, limitMs: number): Promise<void>;
  /** Resolves once nobody of `identity` is in the room. */
  misses(identity: string, limitMs: number): Promise<void>;
}

/** Enters a room as a human who chats on `lk.chat`. */
export async function openVisitor(options: VisitorOptions): Promise<Visitor> {
  const { server, guest, onLine, onPresence, onSegment } = options;
  const room = new Room();
  const lines: string[] = [];
  const states: string[] = [];
  const waiting = new Set<() => void>();
  const changed = (): void => waiting.forEach((look) => look());
  const takeLine = (from: string, text: string): void => {
    lines.push(text);
    onLine(from, text);
    changed();
  };
  room.registerTextStreamHandler('lk.chat', (reader, { identity }) => {
    reader.readAll().then((text) => takeLine(identity, text), console.error);
  });
  room.registerTextStreamHandler('lk.transcription', (reader, { identity }) => {
    const shows = (id: string, text: string): void => onSegment?.(identity, id, text);
    readSegment(reader, shows).catch(console.error);
  });
  room.on(RoomEvent.ParticipantConnected, ({ identity }) => onPresence(identity, 'joined'));
  room.on(RoomEvent.ParticipantDisconnected, ({ identity }) => {
    onPresence(identity, 'left');
    changed();
  });
  room.on(RoomEvent.ParticipantAttributesChanged, (attributes, { identity }) => {
    const state = attributes['lk.agent.state'];
    if (state === undefined) return;
    states.push(state);
    onPresence(identity, state);
    changed();
  });
  await room.connect(server.url, await mintGuestToken(server, guest), {
    autoSubscribe: false,
    dynacast: false,
  });
  for (const { attributes, identity } of room.remoteParticipants.values()) {
    const state = attributes['lk.agent.state'];
    if (state !== undefined) onPresence(identity, state);
  }
  return {
    room,
    async say(text) {
      await room.localParticipant?.sendText(text, { topic: 'lk.chat' });
    },
    hears: (test, limitMs) =>
      until(waiting, () => takeUntil(lines, test), limitMs, 'the line that was waited for'),
    async shows(state, limitMs) {
      const look = (): string | undefined => takeUntil(states, (shown) => shown === state);
      await until(waiting, look, limitMs, `the state ${state}`);
    },
    async misses(identity, limitMs) {
      const look = (): true | undefined =>
        room.remoteParticipants.has(identity) ? undefined : true;
      await until(waiting, look, limitMs, `${identity} to leave`);
    },
    [Symbol.asyncDispose]: () => room.disconnect(),
  };
}

/** Tells what it shows with each piece that comes. */
async function readSegment(
  reader: TextStreamReader,
  shows: (id: string, text: string) => void,
): Promise<void> {
  const id = reader.info.attributes?.['lk.segment_id'] ?? reader.info.streamId;
  let text = '';
  for await (const piece of reader) {
    text += piece;
    shows(id, text);
  }
}

/** The first one that `test` accepts; it and those before it are gone then. */
function takeUntil(all: string[], test: (one: string) => boolean): string | undefined {
  const at = all.findIndex(test);
  return at < 0 ? undefined : all.splice(0, at + 1).at(-1);
}

function until<T>(
  waiting: Set<() => void>,
  look: () => T | undefined,
  limitMs: number,
  what: string,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      waiting.delete(check);
      reject(new Error(`waited ${limitMs} ms in vain for ${what}`));
    }, limitMs);
    function check(): void {
      const found = look();
      if (found === undefined) return;
      clearTimeout(timer);
      waiting.delete(check);
      resolve(found);
    }
    waiting.add(check);
    check();
  });
}
