import * as fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import type { Command } from '../../src/conversation/commands.ts';
import { histories } from './conversation-histories.ts';
import type { History } from './conversation-model.ts';

const RUNS = 2_000;

/**
 * For a describe: what its `always` states must hold in every history. All of them are shown the same
 * histories, since to live one costs more than to look at it; the first that breaks a statement is sought
 * again for that one alone, and fast-check prints its seed and the smallest that does.
 */
export function overHistories(): (what: string, check: (history: History) => void) => void {
  const checks = new Map<string, (history: History) => void>();
  const broken = new Set<string>();
  let seed = 0;

  beforeAll(() => {
    const look = (history: History): void => {
      for (const [what, check] of checks) {
        if (!broken.has(what) && breaks(check, history)) broken.add(what);
      }
    };
    ({ seed } = fc.check(fc.property(histories(), look), { numRuns: RUNS }));
  });

  return (what, check) => {
    checks.set(what, check);
    it(what, () => {
      if (broken.has(what)) fc.assert(fc.property(histories(), check), { seed, numRuns: RUNS });
      expect(broken).not.toContain(what);
    });
  };
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

function breaks(check: (history: History) => void, history: History): boolean {
  try {
    check(history);
    return false;
  } catch {
    return true;
  }
}
