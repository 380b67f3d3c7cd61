import { setTimeout as sleep } from 'node:timers/promises';
import { startHelper } from '../lib/helper-process.ts';
import type { Done } from '../lib/helper-process.ts';
import type { GuestErrand, GuestSight } from './guest-protocol.ts';

/** Visitors in processes of their own, one a room. */
export interface Guests extends AsyncDisposable {
  /** The visitor sets out; a sight tells when it is there. */
  enter(room: string, speaks: boolean): Promise<void>;
  /** Resolves with when it was said, in ms since 1970. @throws Error when nobody is there to say it. */
  say(room: string, text: string): Promise<number>;
  /** Resolves with when it was begun, once all of the recording is said. */
  speak(room: string, recording: string): Promise<number>;
  /** It is gone for whoever looks at most some seconds later, whatever becomes of its connection. */
  leave(room: string): Promise<void>;
}

const LIMIT_MS = 12_000;

/** Two processes: those who speak share none with those who only write. */
export function openGuests(
  env: Readonly<Record<string, string>>,
  onSight: (sight: GuestSight) => void,
): Guests {
  const open = () => startHelper<GuestErrand>('../faults/guests-process.ts', env, onSight);
  const [writers, speakers] = [open(), open()];
  const speaking = new Set<string>();
  /** A room that breaks down may never let an errand end. */
  const send = async (errand: GuestErrand): Promise<Done> => {
    const done = (speaking.has(errand.room) ? speakers : writers).send(errand);
    const late = sleep(LIMIT_MS, undefined, { ref: false }).then(() => {
      throw new Error(`to ${errand.do} in ${errand.room} took longer than ${LIMIT_MS} ms`);
    });
    return await Promise.race([done, late]);
  };
  return {
    async enter(room, speaks) {
      if (speaks) speaking.add(room);
      await send({ do: 'enter', room, speaks });
    },
    say: async (room, text) => (await send({ do: 'say', room, text })).at,
    speak: async (room, recording) => (await send({ do: 'speak', room, recording })).at,
    async leave(room) {
      await send({ do: 'leave', room }).catch(() => undefined);
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([writers[Symbol.asyncDispose](), speakers[Symbol.asyncDispose]()]);
    },
  };
}
