import { readFileSync, readlinkSync } from 'node:fs';

/**
 * Names one process for good: its pid namespace, pid and the tick it started at. A bare pid would be
 * handed to a stranger as soon as its process ends.
 */
export function processToken(pid: number): string | undefined {
  const startedAt = startTick(pid);
  return startedAt === undefined ? undefined : `${pidNamespace()}-${pid}-${startedAt}`;
}

/** Whether the process of a token still runs; one of another pid namespace counts as running. */
export function isRunning(token: string): boolean {
  const [namespace, pid] = token.split('-');
  return namespace !== pidNamespace() || processToken(Number(pid)) === token;
}

/** Inode of this process's pid namespace: containers that share a temp folder see different pids. */
function pidNamespace(): string {
  return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
}

/** Field 22 of /proc/PID/stat (proc_pid_stat(5)): clock ticks from boot to the process's start. */
function startTick(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' || state === 'X' ? undefined : fields[18];
  } catch {
    return undefined;
  }
}
