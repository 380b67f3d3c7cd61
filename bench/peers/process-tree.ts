import { readFileSync, readdirSync } from 'node:fs';
import { readProcessUsage } from '../lib/process-usage.ts';

/** What some processes and all their descendants have used. */
export interface TreeUsage {
  readonly processes: number;
  /** Their proportional set sizes in MB: what they share is counted once. */
  readonly pssMb: number;
  /** CPU time of those that run, in ms. */
  readonly cpuMs: number;
}

/** Reads it from /proc. A process that ends meanwhile is left out. */
export function readTreeUsage(roots: readonly number[]): TreeUsage {
  const usages = [...familyOf(roots, readParents())].flatMap((pid) => usageOf(pid) ?? []);
  return {
    processes: usages.length,
    pssMb: usages.reduce((sum, { pssMb }) => sum + pssMb, 0),
    cpuMs: usages.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
  };
}

/** These and all that descend from them. */
export function familyOf(
  roots: readonly number[],
  parents: ReadonlyMap<number, number>,
): ReadonlySet<number> {
  const family = new Set(roots.filter((pid) => parents.has(pid)));
  for (let grown = true; grown;) {
    const before = family.size;
    for (const [pid, parent] of parents) if (family.has(parent)) family.add(pid);
    grown = family.size > before;
  }
  return family;
}

/** Every process with its parent. */
function readParents(): ReadonlyMap<number, number> {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return new Map(
    pids.flatMap((pid) => {
      const parent = parentOf(pid);
      return parent === undefined ? [] : [[Number(pid), parent] as const];
    }),
  );
}

function parentOf(pid: string): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command's name stands in brackets and may hold spaces: fields are counted behind it.
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}

function usageOf(pid: number): ReturnType<typeof readProcessUsage> | undefined {
  try {
    return readProcessUsage(pid);
  } catch {
    return undefined;
  }
}
