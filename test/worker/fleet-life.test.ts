import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { TroupeError } from '../../src/errors.ts';
import { V, openFleet } from './fleet.ts';
import type { Fleet, FleetWorker } from './fleet.ts';

const ROOMS = ['a', 'b', '会議'];
const CALLS = ['receive', 'changeVisibility', 'delete', 'send', 'deadLetter'] as const;

/** One thing that can happen to a fleet; `which` names a worker or a room. */
interface Step {
  readonly type: (typeof TYPES)[number];
  readonly which: number;
  readonly ms: number;
}

const TYPES = [
  ...(['pass', 'pass', 'pass', 'pass', 'ask', 'ask', 'ask in a constant group', 'leave'] as const),
  ...(['start', 'kill', 'drain', 'sleep', 'wake', 'wake', 'cut', 'mend'] as const),
  ...(['queue away', 'database away', 'heal'] as const),
] as const;

const histories = fc.array(
  fc.record<Step>({
    type: fc.constantFrom(...TYPES),
    which: fc.nat(5),
    ms: fc.constantFrom(500, 5_000, 20_000, 70_000),
  }),
  { minLength: 5, maxLength: 25, size: 'max' },
);

it('any history of a fleet has one bot a room, loses no room, and leaves nothing behind', async () => {
  await fc.assert(fc.asyncProperty(histories, live), { numRuns: 50 });
}, 60_000);

async function live(history: readonly Step[]): Promise<void> {
  const fleet = openFleet();
  const workers = [fleet.start(), fleet.start({ maxRooms: 1 })];
  for (const step of withFewCrashes(history)) {
    await take(fleet, workers, step);
    await fleet.clock.live(0);
    expectOneVoice(workers, step);
  }
  heal(fleet);
  for (const { process } of workers) {
    process.wake();
    process.cut(false);
  }
  workers.push(fleet.start());
  for (const room of ROOMS) await fleet.ask(room);
  await passWatched(fleet, workers, 5 * V);
  expect([...fleet.running()].sort()).toEqual(ROOMS);
  expect(ROOMS.map((room) => fleet.leases.row(room)?.status)).toEqual(['live', 'live', 'live']);
  expect(fleet.queue.dead).toEqual([]);

  workers.forEach((worker) => leave(worker));
  await fleet.clock.live(10_000);
  await passWatched(fleet, workers, V);
  const alive = workers.filter(({ process }) => process.isAlive());
  expect(fleet.running()).toEqual([]);
  expect(fleet.queue.held()).toEqual([]);
  expect(alive.flatMap((worker) => worker.status().rooms)).toEqual([]);
}

/** Over five crashes of a room poison it, by design; a worker that sleeps may be taken for dead. */
function withFewCrashes(history: readonly Step[]): readonly Step[] {
  let crashes = 0;
  return history.filter(({ type }) => !['kill', 'sleep'].includes(type) || ++crashes <= 4);
}

async function take(fleet: Fleet, workers: FleetWorker[], step: Step): Promise<void> {
  const room = ROOMS[step.which % ROOMS.length] ?? '';
  const alive = workers.filter(({ process }) => process.isAlive());
  const worker = alive[step.which % alive.length];
  const steps: Readonly<Record<Step['type'], () => unknown>> = {
    pass: () => passWatched(fleet, workers, step.ms),
    ask: () => fleet.ask(room).catch(() => undefined),
    'ask in a constant group': () => fleet.ask(room, { group: 'constant' }).catch(() => undefined),
    leave: () => worker && leave(worker, room),
    start: () => workers.length < 7 && workers.push(fleet.start()),
    kill: () => worker?.process.kill(),
    sleep: () => worker?.process.sleep(),
    wake: () => worker?.process.wake(),
    cut: () => worker?.process.cut(true),
    mend: () => worker?.process.cut(false),
    drain: () => worker?.drain(),
    'queue away': () =>
      CALLS.forEach((call) => fleet.queue.fail(call, away('queue'), { times: Infinity })),
    'database away': () => fleet.leases.failWith(away('database')),
    heal: () => heal(fleet),
  };
  await steps[step.type]();
}

function leave({ bots }: FleetWorker, room?: string): void {
  for (const bot of bots.all) {
    if (room === undefined || bot.room === room) bot.end({ kind: 'left', reason: 'idle' });
  }
}

/** Lets time pass in strides, and looks after each. */
async function passWatched(fleet: Fleet, workers: FleetWorker[], ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 2_500) {
    await fleet.clock.live(Math.min(2_500, ms - passed));
    expectOneVoice(workers, { type: 'pass', which: 0, ms });
  }
}

function expectOneVoice(workers: readonly FleetWorker[], { type }: Step): void {
  const voices = workers
    .filter(({ process }) => process.isAlive() && !process.isAsleep())
    .flatMap(({ bots }) => bots.all)
    .filter((bot) => bot.running() && bot.start.lease.mayPublish())
    .map(({ room }) => room);
  const twice = voices.filter((room, at) => voices.indexOf(room) < at);
  if (twice.length > 0) throw new Error(`two voices in ${twice.join()} after ${type}`);
}

function heal({ leases, queue }: Fleet): void {
  queue.heal();
  leases.failWith(undefined);
}

function away(service: string): TroupeError {
  return new TroupeError('away', { kind: 'unavailable', fault: 'fleet', service });
}
