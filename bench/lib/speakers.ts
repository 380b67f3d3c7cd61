import { startHelper } from './helper-process.ts';
import type { Heard, SpeakerErrand } from './speaker-protocol.ts';

/** When speech went out of a microphone, in ms since 1970. */
export interface Said {
  readonly from: number;
  readonly to: number;
}

/** People who speak and listen, one a room, all in one process of their own. */
export interface Speakers extends AsyncDisposable {
  readonly pid: number;
  /** Resolves once their microphone is published. */
  enter(room: string): Promise<void>;
  /** Says a recording of `dev/speech`; resolves once it is said. */
  say(room: string, recording: string): Promise<Said>;
  /** Brings a bot into the room that plays back what it hears. */
  echo(room: string): Promise<void>;
  leave(room: string): Promise<void>;
}

/** Starts the process; `onHeard` gets each change of what they hear of bots. */
export function openSpeakers(
  env: Readonly<Record<string, string>>,
  onHeard: (heard: Heard) => void,
): Speakers {
  const helper = startHelper<SpeakerErrand>('./speakers-process.ts', env, onHeard);
  return {
    pid: helper.pid,
    async enter(room) {
      await helper.send({ do: 'enter', room });
    },
    async say(room, recording) {
      const { at, until = at } = await helper.send({ do: 'say', room, recording });
      return { from: at, to: until };
    },
    async echo(room) {
      await helper.send({ do: 'echo', room });
    },
    async leave(room) {
      await helper.send({ do: 'leave', room });
    },
    [Symbol.asyncDispose]: () => helper[Symbol.asyncDispose](),
  };
}
