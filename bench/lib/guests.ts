import type { GuestErrand, GuestSight } from './guest-protocol.ts';
import { startHelper } from './helper-process.ts';
import type { Said } from './speakers.ts';

/** People who write and speak, one a room, all in one process of their own. */
export interface Guests extends AsyncDisposable {
  readonly pid: number;
  /** Resolves once the guest is there, and where it has a microphone, that is published. */
  enter(room: string, hasMicrophone: boolean): Promise<void>;
  /** Resolves with the moment at which the line was handed to the SDK, in ms since 1970. */
  write(room: string, text: string): Promise<number>;
  /** Says a recording of `dev/speech`; resolves once it is said. */
  speak(room: string, recording: string): Promise<Said>;
  leave(room: string): Promise<void>;
}

/** Starts the process; `onSight` gets all that they see and hear of bots. */
export function openGuests(
  env: Readonly<Record<string, string>>,
  onSight: (sight: GuestSight) => void,
): Guests {
  const helper = startHelper<GuestErrand>('./guests-process.ts', env, onSight);
  return {
    pid: helper.pid,
    async enter(room, hasMicrophone) {
      await helper.send({ do: 'enter', room, hasMicrophone });
    },
    write: async (room, text) => (await helper.send({ do: 'write', room, text })).at,
    async speak(room, recording) {
      const { at, until = at } = await helper.send({ do: 'speak', room, recording });
      return { from: at, to: until };
    },
    async leave(room) {
      await helper.send({ do: 'leave', room });
    },
    [Symbol.asyncDispose]: () => helper[Symbol.asyncDispose](),
  };
}
