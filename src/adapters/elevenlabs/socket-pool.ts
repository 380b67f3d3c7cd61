import type { Socket, SocketVoice } from './socket.ts';

/** A place for one context on a socket that may still be connecting. */
export interface Place {
  readonly socket: Promise<Socket>;
  /** Gives the place back; once is enough. */
  release(): void;
}

/** The sockets of the process. */
export interface SocketPool {
  /** A place on a socket of this voice; where all are taken another socket is opened. */
  take(voice: SocketVoice): Place;
}

/** Contexts that a socket may have, counting those that were closed and still sound. */
const CONTEXTS_PER_SOCKET = 5;

interface Entry {
  readonly voice: SocketVoice;
  readonly socket: Promise<Socket>;
  open?: Socket;
  taken: number;
}

/** Makes a pool that `open`s sockets as they are needed. The provider closes those that idle. */
export function makeSocketPool(open: (voice: SocketVoice) => Promise<Socket>): SocketPool {
  let entries: Entry[] = [];

  function connect(voice: SocketVoice): Entry {
    const entry: Entry = { voice, socket: open(voice), taken: 0 };
    entries.push(entry);
    entry.socket.then(
      (socket) => (entry.open = socket),
      () => (entries = entries.filter((other) => other !== entry)),
    );
    return entry;
  }

  return {
    take(voice) {
      entries = entries.filter((entry) => entry.open?.isOpen() !== false);
      const fitting = entries.find(
        (entry) => entry.taken < CONTEXTS_PER_SOCKET && isSame(entry.voice, voice),
      );
      const entry = fitting ?? connect(voice);
      entry.taken += 1;
      let isReleased = false;
      return {
        socket: entry.socket,
        release() {
          if (!isReleased) entry.taken -= 1;
          isReleased = true;
        },
      };
    },
  };
}

function isSame(one: SocketVoice, other: SocketVoice): boolean {
  return one.voice === other.voice && one.language === other.language;
}
