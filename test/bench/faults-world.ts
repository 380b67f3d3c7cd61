import { openBooks } from '../../bench/faults/book.ts';
import type { Observations, SavedMessage } from '../../bench/faults/observations.ts';

/** What a run in which nothing happened has seen, with some of it as a test says. */
export function seenOf(some: Partial<Observations>): Observations {
  return { now: 100_000, ...openBooks(), ...some };
}

/** `w1.1` is granted `epoch` of the room r. */
export function grant(
  at: number,
  epoch: number,
  more: Partial<Observations['leases'][number]> = {},
): Observations['leases'][number] {
  return {
    at,
    room: 'r',
    epoch,
    status: 'live',
    arrival: epoch === 1 ? 'fresh' : 'takeover',
    worker: 'w1.1',
    messageId: undefined,
    ...more,
  };
}

/** A line of a bot in the room r. */
export function line(at: number, text: string, token?: string): Observations['lines'][number] {
  return { at, room: 'r', sid: 'PA_1', text, token };
}

/** A save of the talk in the room r. */
export function save(at: number, messages: readonly SavedMessage[]): Observations['saves'][number] {
  return { at, session: 'r', epoch: 1, messages };
}

export function turn(id: string, text = id): SavedMessage {
  return { role: 'user', id, text };
}

export function reply(id: string, answers: readonly string[], ended = 'finished'): SavedMessage {
  return { role: 'assistant', id, text: id, answers, ended };
}
