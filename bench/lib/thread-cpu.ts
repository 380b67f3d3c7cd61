import { readdirSync, readFileSync } from 'node:fs';

/** CPU time of this process's threads of that name, in ms; names are cut to 15 characters. */
export function threadCpuMs(name: string): number {
  const root = '/proc/self/task';
  return readdirSync(root)
    .filter((thread) => readFileSync(`${root}/${thread}/comm`, 'utf8').trim() === name)
    .map((thread) => nanoseconds(readFileSync(`${root}/${thread}/schedstat`, 'utf8')) / 1e6)
    .reduce((sum, ms) => sum + ms, 0);
}

/** `schedstat` begins with the time spent on a CPU. */
function nanoseconds(schedstat: string): number {
  return Number(schedstat.split(' ')[0]);
}
