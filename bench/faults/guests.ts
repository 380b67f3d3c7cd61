import { startHelper } from '../lib/helper-process.ts';
import type { GuestErrand, GuestSight } from './guest-protocol.ts';

/** Visitors in processes of their own, one a room. */
export interface Guests extends AsyncDisposable {
  /** The visitor sets out; a sight tells when it is there. */
  enter(room: string, speaks: boolean): Promise<void>;
  /** Resolves with when it was said, in ms since 1970. @throws Error when nobody is there to say it. */
  say(room: string, text: string): Promise<number>;
  /** Resolves with when it was begun, once all of the recording is said. */
  speak(room: string, recording: string): Promise<number>;
  leave(room: string): Promise<void>;
}

/** Two processes: those who speak share none with those who only write. */
export function openGuests(
  env: Readonly<Record<string, string>>,
  onSight: (sight: GuestSight) => void,
): Guests {
  const open = () => startHelper<GuestErrand>('../faults/guests-process.ts', env, onSight);
  const [writers, speakers] = [open(), open()];
  const speaking = new Set<string>();
  const processOf = (room: string) => (speaking.has(room) ? speakers : writers);
  return {
    async enter(room, speaks) {
      if (speaks) speaking.add(room);
      await processOf(room).send({ do: 'enter', room, speaks });
    },
    say: async (room, text) => (await processOf(room).send({ do: 'say', room, text })).at,
    speak: async (room, recording) =>
      (await processOf(room).send({ do: 'speak', room, recording })).at,
    async leave(room) {
      await processOf(room).send({ do: 'leave', room });
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([writers[Symbol.asyncDispose](), speakers[Symbol.asyncDispose]()]);
    },
  };
}
