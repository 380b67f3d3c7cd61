import { readFileSync } from 'node:fs';

// Loaded into a worker before anything else: at SIGUSR2 its wall clock steps to as many ms beside the
// true time as the file says that CLOCK_FILE names. The monotonic clock, and timers, go on unmoved.

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
