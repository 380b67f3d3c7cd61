import { readFileSync } from 'node:fs';

/** What a process has used so far. */
export interface ProcessUsage {
  /** Proportional set size in MB: shared pages counted by share. */
  readonly pssMb: number;
  readonly rssMb: number;
  /** CPU time of all its threads, in ms. */
  readonly cpuMs: number;
}

/** Linux's clock ticks a second, as `getconf CLK_TCK` says everywhere. */
const TICKS_PER_SECOND = 100;

/** Reads a process's use of memory and CPU from /proc. */
export function readProcessUsage(pid: number): ProcessUsage {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The command's name stands in brackets and may hold spaces: fields are counted behind it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  return {
    pssMb: kilobytes(rollup, 'Pss') / 1024,
    rssMb: kilobytes(rollup, 'Rss') / 1024,
    cpuMs: (ticks * 1000) / TICKS_PER_SECOND,
  };
}

function kilobytes(rollup: string, field: string): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(rollup)?.[1] ?? Number.NaN);
}
