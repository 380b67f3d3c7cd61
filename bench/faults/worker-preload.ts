import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

// Loaded into a worker before anything else, for what cannot be done to it from outside. At SIGUSR2 its
// wall clock steps to as many ms beside the true time as the file says that CLOCK_FILE names; the
// monotonic clock, and timers, go on unmoved. At SIGUSR1 it collects its garbage as when memory runs
// out: the heap of a worker that does nothing any more stays as large as it was, garbage and all.

const { now } = Date;
let stepMs = 0;

process.on('SIGUSR2', () => {
  stepMs = Number(readFileSync(process.env['CLOCK_FILE'] ?? '', 'utf8'));
});

const stepped = (): number => now() + stepMs;

globalThis.Date = new Proxy(Date, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [stepped()] : args, newTarget) as object,
  apply: (target) => new target(stepped()).toString(),
  get: (target, key, receiver) =>
    key === 'now' ? stepped : (Reflect.get(target, key, receiver) as unknown),
});

process.on('SIGUSR1', () => {
  // Not before: what was compiled under other flags is compiled anew, all of Node's own modules too.
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as NodeJS.GCFunction;
  collect({ type: 'major', flavor: 'last-resort' });
});
