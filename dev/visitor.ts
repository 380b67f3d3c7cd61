import './quiet.ts';
import { Room, RoomEvent } from '@livekit/rtc-node';
import { mintGuestToken } from './livekit/token.ts';

/** How a visitor gets into a room. */
export interface VisitorOptions {
  readonly url: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly room: string;
  readonly identity: string;
  readonly name: string;
  /** Called with each chat line of somebody else. */
  readonly onLine?: (from: string, line: string) => void;
  /** Called when somebody comes (`joined`), goes (`left`), or a bot's state changes. */
  readonly onPresence?: (name: string, what: string) => void;
}

/** A person in a room, as a classic chat client would have it. */
export interface Visitor extends AsyncDisposable {
  say(text: string): Promise<void>;
  /** Resolves with the first line after the previous wait that `test` accepts. */
  hears(test: (line: string) => boolean, limitMs: number): Promise<string>;
  /** Resolves when a bot shows this state, now or later. */
  shows(state: string, limitMs: number): Promise<void>;
  /** Resolves once nobody of `identity` is in the room. */
  sees(gone: string, limitMs: number): Promise<void>;
}

/** Enters `room` as a human who chats on `lk.chat`. */
export async function openVisitor(options: VisitorOptions): Promise<Visitor> {
  const room = new Room();
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  let shown: string | undefined;
  const changed = (): void => waiting.forEach((check) => check());
  const take = (from: string, text: string): void => {
    lines.push(text);
    options.onLine?.(nameOf(room, from), text);
    changed();
  };
  room.registerTextStreamHandler('lk.chat', (reader, from) => {
    reader.readAll().then((text) => take(from.identity, text), console.error);
  });
  room.registerTextStreamHandler('lk.transcription', (reader) => void reader.close());
  room.on(RoomEvent.ParticipantConnected, (one) =>
    options.onPresence?.(one.name || one.identity, 'joined'),
  );
  room.on(RoomEvent.ParticipantDisconnected, (one) => {
    options.onPresence?.(one.name || one.identity, 'left');
    changed();
  });
  room.on(RoomEvent.ParticipantAttributesChanged, (attributes, one) => {
    const state = attributes['lk.agent.state'];
    if (state === undefined) return;
    shown = state;
    options.onPresence?.(one.name || one.identity, state);
    changed();
  });
  await room.connect(options.url, await mintGuestToken(options, options), {
    autoSubscribe: false,
    dynacast: false,
  });
  const until = <T>(look: () => T | undefined, limitMs: number, what: string): Promise<T> =>
    waitFor(waiting, look, limitMs, what);
  return {
    async say(text) {
      await room.localParticipant?.sendText(text, { topic: 'lk.chat' });
    },
    hears: (test, limitMs) =>
      until(
        () => {
          const at = lines.findIndex(test);
          return at < 0 ? undefined : lines.splice(0, at + 1).at(-1);
        },
        limitMs,
        'the line that was waited for',
      ),
    async shows(state, limitMs) {
      await until(() => (shown === state ? true : undefined), limitMs, `the state ${state}`);
    },
    async sees(gone, limitMs) {
      await until(
        () => (room.remoteParticipants.has(gone) ? undefined : true),
        limitMs,
        `${gone} to leave`,
      );
    },
    [Symbol.asyncDispose]: () => room.disconnect(),
  };
}

function nameOf(room: Room, identity: string): string {
  return room.remoteParticipants.get(identity)?.name || identity;
}

function waitFor<T>(
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
