import { setTimeout as sleep } from 'node:timers/promises';
import { machineUse, readMachineTimes } from '../lib/machine-use.ts';
import { percentile, rounded } from '../lib/percentile.ts';
import { readTreeUsage } from './process-tree.ts';
import type { TreeUsage } from './process-tree.ts';

/** What rooms cost in which nobody talks. MB are PSS, cores are CPU time over wall time. */
export interface RoomCost {
  readonly rooms: number;
  readonly mbPerRoom: number;
  readonly corePerRoom: number;
  /** Without a room: the processes that stand ready, too. */
  readonly emptyMb: number;
  readonly emptyProcesses: number;
  readonly processes: number;
  /** From asking for a bot to its being ready, one after the other. */
  readonly joinP50Ms: number;
  readonly joinP95Ms: number;
  /** Share of all cores that was at work in the quiet, the stack, the visitors and strangers included. */
  readonly quietMachineUse: number;
}

/** Fills the rooms one after the other, and looks at what they cost. */
export async function measureRooms(
  pids: () => readonly number[],
  rooms: readonly string[],
  fill: (room: string) => Promise<number>,
): Promise<RoomCost> {
  const empty = await untilSettled(pids);
  const joinMs: number[] = [];
  for (const room of rooms) joinMs.push(await fill(room));
  const full = await untilSettled(pids);
  const [startedAt, machine] = [performance.now(), readMachineTimes()];
  const before = readTreeUsage(pids());
  await sleep(QUIET_MS);
  const after = readTreeUsage(pids());
  const tookMs = performance.now() - startedAt;
  return {
    rooms: rooms.length,
    mbPerRoom: rounded((full.pssMb - empty.pssMb) / rooms.length, 2),
    corePerRoom: rounded((after.cpuMs - before.cpuMs) / tookMs / rooms.length, 4),
    emptyMb: rounded(empty.pssMb),
    emptyProcesses: empty.processes,
    processes: full.processes,
    joinP50Ms: rounded(percentile(joinMs, 0.5)),
    joinP95Ms: rounded(percentile(joinMs, 0.95)),
    quietMachineUse: rounded(machineUse(machine, readMachineTimes()), 2),
  };
}

const QUIET_MS = 15_000;
const LOOK_EVERY_MS = 1_000;
/** So many looks one after the other must tell the same. */
const SETTLED_LOOKS = 8;
const SETTLE_LIMIT_MS = 120_000;

/** Waits until no process comes or goes any more and memory stays; gives what is used then. */
async function untilSettled(pids: () => readonly number[]): Promise<TreeUsage> {
  const giveUpAt = performance.now() + SETTLE_LIMIT_MS;
  const looks = [readTreeUsage(pids())];
  while (performance.now() < giveUpAt && !isSettled(looks)) {
    await sleep(LOOK_EVERY_MS);
    looks.push(readTreeUsage(pids()));
  }
  return looks.at(-1) ?? readTreeUsage(pids());
}

/** Whether the last looks tell of the same processes, and of memory within 1 MB or 1 %. */
export function isSettled(looks: readonly TreeUsage[]): boolean {
  const last = looks.slice(-SETTLED_LOOKS);
  if (last.length < SETTLED_LOOKS) return false;
  const sizes = last.map(({ pssMb }) => pssMb);
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  const isSame = last.every(({ processes }) => processes === last[0]?.processes);
  return isSame && most - least <= Math.max(1, least / 100);
}
