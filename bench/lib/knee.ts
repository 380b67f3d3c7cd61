/** How it went with so many rooms; MB are PSS, cores are CPU time over wall time. */
export interface DensityStep {
  readonly rooms: number;
  readonly mbPerRoom: number;
  /** While nobody talks. */
  readonly corePerRoom: number;
  readonly ownP95Ms: number;
  readonly wholeEdgeP95Ms: number;
  readonly unanswered: number;
  /** While people talk. */
  readonly workerLoopUse: number;
  readonly machineUse: number;
  readonly quietLoopUse: number;
  readonly quietMachineUse: number;
}

/** The last step that held, and what the next one gave way to. */
export interface Knee {
  readonly kneeRooms: number;
  readonly kneeBefore: string;
  readonly step: DensityStep | undefined;
}

/** The budget of our own share of a turn. */
const OWN_BUDGET_MS = 60;
/** Beyond it, timers and frames of everybody on the machine wait for a core. */
const FULL = 0.95;

/** What gave way at a step; undefined: nothing did. */
function gaveWay(step: DensityStep): string | undefined {
  if (isBroken(step)) return `${step.unanswered} turns stayed unanswered`;
  const own = `our own share of a turn was ${step.ownP95Ms} ms`;
  // NaN, where no turn was timed, holds no budget.
  if (!(step.ownP95Ms <= OWN_BUDGET_MS)) return own;
  if (step.machineUse < FULL) return undefined;
  return `${Math.round(step.machineUse * 100)} % of the machine's cores were at work`;
}

/** Whether the bots do not do any more what they are there for. */
export function isBroken({ unanswered }: DensityStep): boolean {
  return unanswered > 0;
}

/** Finds the knee in steps that grow. */
export function findKnee(steps: readonly DensityStep[]): Knee {
  const at = steps.findIndex((step) => gaveWay(step) !== undefined);
  const over = at === -1 ? undefined : steps[at];
  const step = at === -1 ? steps.at(-1) : steps[at - 1];
  const why = over === undefined ? 'nothing gave way' : `${over.rooms} rooms: ${gaveWay(over)}`;
  return { kneeRooms: step?.rooms ?? 0, kneeBefore: why, step };
}
