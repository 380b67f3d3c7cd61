import { reduce } from '../conversation/reduce.ts';
import { initialState } from '../conversation/state.ts';
import type { ConversationPolicy, ConversationState } from '../conversation/state.ts';
import type { Step } from '../conversation/step.ts';
import { applyDelta, plain } from './delta.ts';
import { differences } from './difference.ts';
import type { Difference } from './difference.ts';
import { readRecording } from './read-recording.ts';
import { toState } from './recording.ts';
import type { RecordedStep, RecordingEnd, RecordingHead } from './recording.ts';

/** Who looks on while a recording is replayed. */
export interface Onlooker {
  begins(head: RecordingHead): void;
  /** An event, with the state before and after it as it was recorded. */
  stepped(step: RecordedStep, before: unknown, after: unknown): void;
}

/** How a replay ended. */
export type ReplayEnd =
  | { readonly kind: 'same'; readonly events: number; readonly ended: RecordingEnd }
  /** The core does something else now at event `n`; 0: it begins otherwise. */
  | { readonly kind: 'different'; readonly n: number; readonly difference: Difference };

/**
 * Lets the core live through a recording again, and stops where it does something else than was
 * recorded. Fields that only one of the two versions of a state has are not compared.
 * @throws UnreadableRecording where the lines are no recording, or break off.
 */
export async function replay(lines: AsyncIterable<string>, onlooker: Onlooker): Promise<ReplayEnd> {
  const { head, rest } = await readRecording(lines);
  onlooker.begins(head);
  const compare = comparerFor(head);
  let state = initialState(head.at);
  let recorded: unknown = withoutNulls(head.state);
  let rules = head.policy;
  const atFirst = compare([], recorded, [], state);
  if (atFirst !== undefined) return { kind: 'different', n: 0, difference: atFirst };
  for await (const line of rest) {
    if ('ended' in line) return { kind: 'same', events: line.events, ended: line.ended };
    const before = recorded;
    rules = line.policy ?? rules;
    recorded = applyDelta(recorded, line.changes);
    onlooker.stepped(line, before, recorded);
    const now = reduceAgain(state, line, rules);
    const difference =
      now instanceof Error
        ? { path: '', recorded: 'done', now: String(now) }
        : compare(line.commands, recorded, now.commands, now.state);
    if (difference !== undefined) return { kind: 'different', n: line.n, difference };
    if (!(now instanceof Error)) ({ state } = now);
    if (line.diverged === undefined) continue;
    recorded = applyDelta(recorded, line.diverged.changes);
    state = toState(recorded);
  }
  throw new Error('a recording that was read has a tail');
}

/** The core is total over its own events; those of another version may make it throw. */
function reduceAgain(
  state: ConversationState,
  { event }: RecordedStep,
  policy: ConversationPolicy,
): Step | Error {
  try {
    return reduce(state, event, policy);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function comparerFor(head: RecordingHead) {
  const known = new Set(Object.keys(initialState(0)).filter((field) => field in head.state));
  const ofBoth = (state: unknown): object =>
    Object.fromEntries(Object.entries(state as object).filter(([field]) => known.has(field)));
  return (
    commands: readonly unknown[],
    state: unknown,
    commandsNow: readonly unknown[],
    stateNow: ConversationState,
  ): Difference | undefined =>
    differences(
      { commands, state: ofBoth(state) },
      { commands: plain(commandsNow), state: ofBoth(plain(stateNow)) },
    ).next().value ?? undefined;
}

function withoutNulls(state: object): object {
  return Object.fromEntries(Object.entries(state).filter(([, value]) => value !== null));
}
