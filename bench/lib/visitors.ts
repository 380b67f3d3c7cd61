import { startHelper } from './helper-process.ts';
import type { Errand, Sight } from './visitor-protocol.ts';

/** People in rooms, one a room, all in one process of their own. */
export interface Visitors extends AsyncDisposable {
  readonly pid: number;
  /** Resolves once the visitor is there. */
  enter(room: string): Promise<void>;
  /** Resolves with the moment at which the line was handed to the SDK, in ms since 1970. */
  say(room: string, text: string): Promise<number>;
  /** Resolves with the moment at which the visitor set out to leave, in ms since 1970. */
  leave(room: string): Promise<number>;
}

/** Starts the visitors' process; `onSight` gets all that they see of the bots. */
export function openVisitors(
  env: Readonly<Record<string, string>>,
  onSight: (sight: Sight) => void,
): Visitors {
  const helper = startHelper<Errand>('./visitors-process.ts', env, onSight);
  return {
    pid: helper.pid,
    async enter(room) {
      await helper.send({ do: 'enter', room });
    },
    say: async (room, text) => (await helper.send({ do: 'say', room, text })).at,
    leave: async (room) => (await helper.send({ do: 'leave', room })).at,
    [Symbol.asyncDispose]: () => helper[Symbol.asyncDispose](),
  };
}
