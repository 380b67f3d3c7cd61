import type { Stack } from '../../dev/stack.ts';

/** What is done in the rooms: people write, or they speak. */
export type Mode = 'text' | 'voice';

/** Bots that run somewhere on this machine, and can be sent into rooms. Disposal ends them all. */
export interface Contender extends AsyncDisposable {
  /** Asks for a bot in the room, as a backend would; resolves once it is there and ready to answer. */
  bring(room: string): Promise<void>;
  /** Resolves once the bot of a room that its visitor has left is gone. */
  gone(room: string): Promise<void>;
  /** Gives back what it does not need: garbage of the start would hide what rooms cost. */
  tidy?(): Promise<void>;
  /** The processes that it was started as; what they start counts too. */
  pids(): readonly number[];
}

/** Starts a contender beside the parts of the stack that it needs. */
export type StartContender = (stack: Stack, mode: Mode) => Promise<Contender>;

/** How long a bot may take to come or to go. */
export const BOT_LIMIT_MS = 120_000;
