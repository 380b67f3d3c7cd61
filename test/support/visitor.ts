import type { AgentState } from '../../src/conversation/events.ts';

/** A segment of a reply as LiveKit's front ends keep it: a later stream of the id replaces it. */
export interface ShownSegment {
  readonly id: string;
  readonly from: string;
  /** The microphone or voice that it transcribes. */
  readonly trackId: string | undefined;
  readonly text: string;
  readonly final: boolean;
  /** Every text that it showed on the way, the last one included. */
  readonly history: readonly string[];
}

/** A line in a classic chat client. */
export interface ShownLine {
  readonly id: string;
  readonly from: string;
  readonly text: string;
}

/** A human in a room, who sees what stock clients show; every wait has a deadline. */
export interface Visitor extends AsyncDisposable {
  readonly identity: string;
  /** Sends a line as LiveKit's own components do; returns its id. */
  say(text: string): Promise<string>;
  readonly lines: readonly ShownLine[];
  readonly segments: readonly ShownSegment[];
  /** What the bot showed of itself, in order, since we are here. */
  readonly states: readonly AgentState[];
  /** The first chat line that matches and was not returned before. */
  heard(text: RegExp, limitMs?: number): Promise<ShownLine>;
  /** The first final segment that matches. */
  read(text: RegExp, limitMs?: number): Promise<ShownSegment>;
  /** Resolves when the bot shows `state`. */
  sees(state: AgentState, limitMs?: number): Promise<void>;
  /** Resolves when somebody of this identity is there. */
  meets(identity: string, limitMs?: number): Promise<void>;
  /** Resolves when nobody of this identity is there. */
  misses(identity: string, limitMs?: number): Promise<void>;
}
