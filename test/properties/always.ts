import * as fc from 'fast-check';
import { it } from 'vitest';
import type { Command } from '../../src/conversation/commands.ts';
import { histories } from './conversation-histories.ts';
import type { History } from './conversation-model.ts';

const RUNS = 2_000;

/** States what holds in every history; fast-check prints the seed and the smallest one that breaks it. */
export function always(
  what: string,
  mode: 'as-is' | 'ended',
  check: (history: History) => void,
): void {
  it(what, () => {
    fc.assert(fc.property(histories(mode), check), { numRuns: RUNS });
  });
}

/** All that was done, in order. */
export function commandsOf(history: History): readonly Command[] {
  return history.entries.flatMap(({ commands }) => commands);
}

/** The commands of one type. */
export function ofType<T extends Command['type']>(commands: readonly Command[], type: T) {
  return commands.filter(
    (command): command is Extract<Command, { readonly type: T }> => command.type === type,
  );
}

/** Ids of turns that the room was opened with. */
export function inherited({ entries }: History): readonly string[] {
  const opened = entries.find(
    ({ before, after }) => before.phase === 'arriving' && after.phase === 'open',
  );
  return opened?.event.type === 'room-opened' ? opened.event.unanswered.map(({ id }) => id) : [];
}
