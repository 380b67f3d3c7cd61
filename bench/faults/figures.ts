import { measureWaits } from './invariants/mute.ts';
import { groupBy } from './invariants/holding.ts';
import type { Observations, Spoken, Violation } from './observations.ts';

/** What a run found, and how much there was to find anything in. */
export interface RunFigures {
  readonly seed: number;
  readonly faults: number;
  readonly violations: number;
  readonly [figure: string]: unknown;
}

export function summarize(
  run: { readonly seed: number; readonly faults: number; readonly begunAt: number },
  seen: Observations,
  violations: readonly Violation[],
): RunFigures {
  const { seed, faults, begunAt } = run;
  const grants = [...groupBy(seen.leases, ({ room, epoch }) => `${room} ${epoch}`).values()];
  const arrivals = countBy(grants, ([first]) => first?.arrival ?? 'none');
  const turns = turnsByRoom(seen);
  return {
    seed,
    faults,
    violations: violations.length,
    found: violations.map(({ invariant, at, room, what }) => ({
      invariant,
      atS: Math.round((at - begunAt) / 100) / 10,
      room,
      what,
    })),
    durationS: Math.round((seen.now - begunAt) / 1_000),
    faultsByKind: countBy(
      seen.faults.filter(({ phase }) => phase === 'begin'),
      ({ kind }) => kind,
    ),
    rooms: new Set(seen.asked.map(({ room }) => room)).size,
    activations: countBy(seen.sent, ({ kind }) => kind),
    grants: arrivals,
    questions: seen.asked.length,
    answersRead: seen.lines.filter(({ token }) => token !== undefined).length,
    recordingsSpoken: seen.spoken.length,
    recordingsSaved: seen.spoken.filter((one) => isSaved(one, turns)).length,
    saves: seen.saves.length,
    loadAverageMax: Math.max(0, ...seen.fitness.map(({ load = 0 }) => load)),
    stalledMs: Math.round(seen.stalls.reduce((sum, { from, at }) => sum + at - from, 0)),
    deadLetters: seen.letters.length,
    ...measureWaits(seen),
    survivors: seen.survivors.map(({ worker, before, after }) => ({ worker, before, after })),
  };
}

/** The words of all turns that were ever saved, by room. */
function turnsByRoom({ saves }: Observations): ReadonlyMap<string, ReadonlySet<string>> {
  const turns = new Map<string, Set<string>>();
  for (const { session, messages } of saves) {
    const ofRoom = turns.get(session) ?? new Set<string>();
    for (const { role, text } of messages) if (role === 'user') ofRoom.add(text);
    turns.set(session, ofRoom);
  }
  return turns;
}

/** What is heard in two pieces, or through a fault, is not saved as it was spoken. */
function isSaved({ room, text }: Spoken, turns: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  return [...(turns.get(room) ?? [])].some((turn) => turn.includes(text));
}

function countBy<T>(
  all: readonly T[],
  keyOf: (one: T) => string,
): Readonly<Record<string, number>> {
  return Object.fromEntries([...groupBy(all, keyOf)].map(([key, ones]) => [key, ones.length]));
}
