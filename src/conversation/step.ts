import type { Command } from './commands.ts';
import type { ConversationState } from './state.ts';

/** Where an event leads: the next state, and what is to be done, in this order. */
export interface Step {
  readonly state: ConversationState;
  readonly commands: readonly Command[];
}

/** A step to `state` with these commands. */
export function step(state: ConversationState, ...commands: readonly Command[]): Step {
  return { state, commands };
}

/** `first`, then what `next` makes of its state. */
export function andThen(first: Step, next: (state: ConversationState) => Step): Step {
  const second = next(first.state);
  return { state: second.state, commands: [...first.commands, ...second.commands] };
}
