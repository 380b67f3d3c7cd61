import type { Pod } from './pods.ts';

/** One room that has asked for a bot. */
export interface Room {
  readonly askedAtS: number;
  readonly talkS: number;
  /** When a bot first joined. */
  joinedAtS: number | undefined;
  /** Whose bot answers in it, also while its successor is waited for. */
  pod: Pod | undefined;
  /** A drain ended while nobody had taken it over: without a bot since then. */
  silentSinceS: number | undefined;
  /** The talk ended, or was cut off. */
  isOver: boolean;
}

/** A room that waits for its first bot. */
export function makeRoom(askedAtS: number, talkS: number): Room {
  return {
    askedAtS,
    talkS,
    joinedAtS: undefined,
    pod: undefined,
    silentSinceS: undefined,
    isOver: false,
  };
}
