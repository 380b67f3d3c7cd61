import type { AgentState } from '@livekit/components-react';

/** Whether the character is there, in words. */
export interface Presence {
  readonly here: boolean;
  readonly words: string;
  /** It did not come, did not come back, or cannot be reached. */
  readonly missing: boolean;
}

/** What is known of the character's coming and going. */
export interface Attendance {
  /** Whether our own path to the room is cut, and being mended. */
  readonly cutOff: boolean;
  readonly inRoom: boolean;
  readonly cameBefore: boolean;
  /** It was waited for as long as makes sense. */
  readonly overdue: boolean;
  readonly state: AgentState;
}

/** Words for what the character does. An absence is short as a rule: another worker takes over. */
export function describePresence(name: string, attendance: Attendance): Presence {
  const { cutOff, inRoom, cameBefore, overdue, state } = attendance;
  if (cutOff) return { here: false, words: 'Connection lost, trying again…', missing: true };
  if (inRoom) return { here: HERE.has(state), words: DOING[state] ?? 'Here', missing: false };
  if (overdue) {
    const words = cameBefore ? `${name} has left` : `${name} has not come`;
    return { here: false, words, missing: true };
  }
  const words = cameBefore ? `${name} is coming back…` : `${name} is on the way…`;
  return { here: false, words, missing: false };
}

/** The states in which it listens to whoever writes or speaks. */
const HERE: ReadonlySet<AgentState> = new Set(['listening', 'thinking', 'speaking', 'idle']);

const DOING: Readonly<Partial<Record<AgentState, string>>> = {
  connecting: 'Coming in…',
  initializing: 'Getting ready…',
  idle: 'Here',
  listening: 'Listening',
  thinking: 'Thinking',
  speaking: 'Speaking',
};
