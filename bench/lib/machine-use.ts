import { cpus } from 'node:os';

/** CPU time of all cores since the start, in ms. */
export interface MachineTimes {
  readonly busyMs: number;
  readonly idleMs: number;
}

export function readMachineTimes(): MachineTimes {
  const sum = { busyMs: 0, idleMs: 0 };
  for (const { times } of cpus()) {
    sum.busyMs += times.user + times.nice + times.sys + times.irq;
    sum.idleMs += times.idle;
  }
  return sum;
}

/**
 * The share of all cores that was at work between two looks, whoever it worked for: near 1, a latency
 * tells of the machine.
 */
export function machineUse(before: MachineTimes, after: MachineTimes): number {
  const busyMs = after.busyMs - before.busyMs;
  return busyMs / (busyMs + after.idleMs - before.idleMs);
}
