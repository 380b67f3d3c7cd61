import type { Clock, Timer } from '../lib/clock.ts';
import type { Command, RoomCommand } from './commands.ts';
import type { ConversationEvent, EventBody, TimerName } from './events.ts';
import { reduce } from './reduce.ts';
import { initialState } from './state.ts';
import type { ConversationPolicy, ConversationState } from './state.ts';

/** What a conversation needs of the world. */
export interface ConversationDeps {
  readonly clock: Clock;
  /** Sees every event with the state and the commands that it led to: logs, metrics, replays. */
  readonly tap?: (
    event: ConversationEvent,
    state: ConversationState,
    commands: readonly Command[],
  ) => void;
}

/** The one writer of a room's state. */
export interface Conversation extends Disposable {
  /** Takes an event. What `execute` and `tap` post meanwhile comes right after, in order. */
  post(event: EventBody): void;
  state(): ConversationState;
}

/**
 * Opens the conversation of a room that we are joining, with one mailbox for all that happens to
 * it. `policy` is asked at each event. Commands go to `execute` in order and are not waited for;
 * `execute` must not throw. After disposal nothing is taken and no timer runs.
 */
export function openConversation(
  deps: ConversationDeps,
  policy: () => ConversationPolicy,
  execute: (command: RoomCommand) => void,
): Conversation {
  const { clock, tap } = deps;
  const mailbox: ConversationEvent[] = [];
  const timers = new Map<TimerName, Timer>();
  let state = initialState(clock.monotonicMs());
  let busy = false;
  let disposed = false;

  function post(body: EventBody): void {
    if (disposed) return;
    mailbox.push({ ...body, at: clock.monotonicMs() });
    if (!busy) work();
  }

  function work(): void {
    busy = true;
    try {
      for (let event = mailbox.shift(); event !== undefined; event = mailbox.shift()) take(event);
    } finally {
      busy = false;
    }
  }

  function take(event: ConversationEvent): void {
    const step = reduce(state, event, policy());
    state = step.state;
    tap?.(event, state, step.commands);
    for (const command of step.commands) run(command);
  }

  function run(command: Command): void {
    if (disposed) return;
    if (command.type === 'start-timer') startTimer(command.timer, command.timerId, command.delayMs);
    else if (command.type === 'stop-timer') stopTimer(command.timer);
    else execute(command);
  }

  function startTimer(timer: TimerName, timerId: number, delayMs: number): void {
    const fire = (): void => post({ type: 'timer-fired', timer, timerId });
    timers.set(timer, clock.after(delayMs, fire));
  }

  function stopTimer(timer: TimerName): void {
    timers.get(timer)?.[Symbol.dispose]();
    timers.delete(timer);
  }

  return {
    post,
    state: () => state,
    [Symbol.dispose]() {
      disposed = true;
      mailbox.length = 0;
      for (const timer of timers.keys()) stopTimer(timer);
    },
  };
}
