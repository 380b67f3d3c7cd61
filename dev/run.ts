import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { runsDirectory } from './lib/places.ts';

/** One stack's directory: its data, and the traces by which a later start recognizes its processes. */
export interface Run extends Disposable {
  readonly directory: string;
  /** Writes down a process of this stack, so that it can be ended when this one is killed. */
  own(pid: number): void;
}

/** A process that cannot be mistaken: numbers are used again, but not with the same start time. */
interface Trace {
  readonly pid: number;
  readonly startTime: string;
}

/** Ends what killed stacks left behind, then opens a directory for a new one. */
export function openRun(): Run {
  sweep();
  const directory = join(runsDirectory(), randomUUID());
  mkdirSync(directory, { mode: 0o755 });
  const owned: Trace[] = [];
  writeTrace(directory, 'owner', [traceOf(process.pid)]);
  return {
    directory,
    own(pid) {
      owned.push(traceOf(pid));
      writeTrace(directory, 'children', owned);
    },
    [Symbol.dispose]: () => rmSync(directory, { recursive: true, force: true }),
  };
}

function sweep(): void {
  if (startTimeOf(process.pid) === undefined) return; // no /proc: nothing can be recognized
  for (const name of readdirSync(runsDirectory())) {
    const directory = join(runsDirectory(), name);
    const owners = readTrace(directory, 'owner');
    if (owners.length === 0 || owners.some(isAlive)) continue;
    for (const child of readTrace(directory, 'children')) {
      if (isAlive(child)) process.kill(child.pid, 'SIGKILL');
    }
    rmSync(directory, { recursive: true, force: true });
  }
}

function traceOf(pid: number): Trace {
  return { pid, startTime: startTimeOf(pid) ?? 'unknown' };
}

function isAlive(trace: Trace): boolean {
  return startTimeOf(trace.pid) === trace.startTime;
}

/** Linux's 22nd field of /proc/PID/stat: start in ticks since boot. */
function startTimeOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

function writeTrace(directory: string, name: string, traces: readonly Trace[]): void {
  writeFileSync(join(directory, `${name}.json`), JSON.stringify(traces));
}

function readTrace(directory: string, name: string): readonly Trace[] {
  try {
    return JSON.parse(readFileSync(join(directory, `${name}.json`), 'utf8')) as Trace[];
  } catch {
    return [];
  }
}
