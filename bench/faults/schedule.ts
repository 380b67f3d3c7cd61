import { KIND_NAMES, kindOf, PATHS } from './kinds.ts';
import type { KindName, PathName } from './kinds.ts';
import { makeRandom } from './random.ts';
import type { Random } from './random.ts';

/** One fault of a schedule; times in ms from the storm's begin. */
export interface PlannedFault {
  readonly id: number;
  readonly kind: KindName;
  readonly atMs: number;
  /** When it is healed; the same moment for what needs no healing. */
  readonly untilMs: number;
  /** Which worker is struck, from 0; undefined for what all share. */
  readonly worker: number | undefined;
  readonly path: PathName | undefined;
  /** From 0 to 1: how hard, which of several; the fault's own to read. */
  readonly dice: readonly [number, number];
}

/** What a schedule is made from. */
export interface Plan {
  readonly seed: number;
  readonly faults: number;
  readonly workers: number;
}

/** From one fault to the next, on average. */
export const EVERY_MS = 1_500;
/** How long a new process may take until it serves: so long its worker still counts as down. */
const START_MS = 6_000;

/**
 * Draws a schedule: one fault every {@link EVERY_MS}, which overlap, but no two of them on the same
 * lane (a worker's process, one of its paths, its clock, a shared part). At every moment at least one
 * worker is neither killed, stopped nor draining. The same plan gives the same schedule.
 */
export function planFaults({ seed, faults, workers }: Plan): readonly PlannedFault[] {
  const random = makeRandom(seed);
  const planned: PlannedFault[] = [];
  let atMs = 0;
  while (planned.length < faults) {
    atMs += Math.round(random.between(0.4, 1.6) * EVERY_MS);
    planned.push(draw({ id: planned.length + 1, atMs, workers, random, planned }));
  }
  return planned;
}

/** What two faults may not have at the same time. */
export function laneOf({ kind, worker, path }: Omit<PlannedFault, 'id' | 'dice'>): string {
  const { target } = kindOf(kind);
  if (target === 'process' || target === 'clock') return `${target} ${worker}`;
  return target === 'path' ? `path ${worker} ${path}` : kind;
}

/** Until when a worker is down for this fault. */
export function downUntilMs({ kind, untilMs }: PlannedFault): number | undefined {
  return kindOf(kind).downs === true ? untilMs + START_MS : undefined;
}

interface Draw {
  readonly id: number;
  readonly atMs: number;
  readonly workers: number;
  readonly random: Random;
  readonly planned: readonly PlannedFault[];
}

/** Draws until it fits; a bad message always does. */
function draw({ id, atMs, workers, random, planned }: Draw): PlannedFault {
  for (;;) {
    const kind = drawKind(random);
    const { target, lasts } = kindOf(kind);
    const ofWorker = target === 'process' || target === 'path' || target === 'clock';
    const fault: PlannedFault = {
      id,
      kind,
      atMs,
      untilMs: atMs + Math.round(random.between(...lasts)),
      worker: ofWorker ? Math.floor(random.between(0, workers)) : undefined,
      path: target === 'path' ? random.pick(PATHS) : undefined,
      dice: [random.next(), random.next()],
    };
    if (isLaneFree(fault, planned) && leavesOneUp(fault, planned, workers)) return fault;
  }
}

function drawKind(random: Random): KindName {
  const weights = KIND_NAMES.map((name) => kindOf(name).weight);
  let left = random.between(
    0,
    weights.reduce((sum, weight) => sum + weight, 0),
  );
  return KIND_NAMES.find((_name, at) => (left -= weights[at] ?? 0) < 0) ?? 'bad-message';
}

function isLaneFree(fault: PlannedFault, planned: readonly PlannedFault[]): boolean {
  const { target, downs, restMs = 0 } = kindOf(fault.kind);
  if (target === 'queue-content') return true;
  const busyMs = downs === true ? START_MS : restMs;
  const lane = laneOf(fault);
  return !planned.some((one) => laneOf(one) === lane && one.untilMs + busyMs > fault.atMs);
}

function leavesOneUp(
  fault: PlannedFault,
  planned: readonly PlannedFault[],
  workers: number,
): boolean {
  if (kindOf(fault.kind).downs !== true) return true;
  const down = planned.filter((one) => (downUntilMs(one) ?? 0) > fault.atMs);
  return new Set([...down, fault].map(({ worker }) => worker)).size < workers;
}
