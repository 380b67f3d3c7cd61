import { TroupeError } from '../../src/errors.ts';
import type { Clock } from '../../src/lib/clock.ts';
import type { LeaseTable } from '../../src/ports/lease-table.ts';
import type { Observation } from '../../src/ports/observe.ts';
import type { Queue } from '../../src/ports/queue.ts';
import { startMessage } from '../../src/worker/activation.ts';
import type { Probe } from '../../src/worker/recovery.ts';
import { runWorker } from '../../src/worker/worker.ts';
import type { Worker, WorkerSettings } from '../../src/worker/worker.ts';
import { openFakeBots } from '../support/fake-bot.ts';
import type { FakeBots } from '../support/fake-bot.ts';
import { makeFakeLeaseTable } from '../support/fake-lease-table.ts';
import type { FakeLeaseTable } from '../support/fake-lease-table.ts';
import { makeFakeQueue } from '../support/fake-queue.ts';
import type { FakeQueue } from '../support/fake-queue.ts';
import { openHandClock } from '../support/hand-clock.ts';
import type { HandClock } from '../support/hand-clock.ts';

/** Visibility in the fleet, in ms. */
export const V = 60_000;

/** Workers around one queue and one database, all in memory, on a clock moved by hand. */
export interface Fleet {
  readonly clock: HandClock;
  readonly queue: FakeQueue;
  readonly leases: FakeLeaseTable;
  start(settings?: Partial<WorkerSettings>, probes?: Readonly<Record<string, Probe>>): FleetWorker;
  /** Sends a start into its room's group, or another. */
  ask(room: string, how?: Ask): Promise<string>;
  /** Bots that run in any worker that lives. */
  running(): readonly string[];
}

export interface Ask {
  readonly session?: string;
  readonly group?: string;
  readonly fields?: Readonly<Record<string, unknown>>;
}

export interface FleetWorker extends Worker {
  readonly bots: FakeBots;
  readonly told: readonly Observation[];
  /** How messages were settled, oldest first. */
  settled(): readonly string[];
  /** The process dies: nothing of it does anything any more. */
  kill(): void;
  /** The process is cut off from the queue, or reaches it again. */
  cut(isCut: boolean): void;
}

export function openFleet(): Fleet {
  const clock = openHandClock();
  const queue = makeFakeQueue(clock);
  const leases = makeFakeLeaseTable(() => clock.monotonicMs());
  const workers: FleetWorker[] = [];
  let ids = 0;
  return {
    clock,
    queue,
    leases,
    start(settings = {}, probes = {}) {
      const worker = `worker-${workers.length + 1}`;
      const started = startWorker({ clock, queue, leases }, { worker, ...settings }, probes);
      workers.push(started);
      return started;
    },
    async ask(room, { session, group, fields } = {}) {
      const message = startMessage({ room, session }, `request-${++ids}`);
      const body = { ...(JSON.parse(message.body) as object), ...fields };
      return await queue.send({
        ...message,
        body: JSON.stringify(body),
        groupId: group ?? message.groupId,
      });
    },
    running: () =>
      workers.flatMap(({ bots }) =>
        bots.all.filter((bot) => bot.running()).map(({ room }) => room),
      ),
  };
}

function startWorker(
  world: { readonly clock: Clock; readonly queue: FakeQueue; readonly leases: LeaseTable },
  settings: Partial<WorkerSettings> & Pick<WorkerSettings, 'worker'>,
  probes: Readonly<Record<string, Probe>>,
): FleetWorker {
  const bots = openFakeBots();
  const told: Observation[] = [];
  let ids = 0;
  let dead = false;
  let cut = false;
  const hangs = (): boolean => dead;
  const worker = runWorker(
    {
      queue: severable(world.queue, hangs, () => cut),
      leases: severable(world.leases, hangs),
      clock: mortal(world.clock, hangs),
      startBot: bots.start,
      probes,
      observe: (observation) => void told.push(observation),
      random: () => 0.5,
      newId: () => `${settings.worker} id ${++ids}`,
      rssMb: () => 100,
    },
    {
      maxRooms: 10,
      visibilityMs: V,
      waitMs: 20_000,
      drainTimeoutMs: 60_000,
      recycleAfterRooms: 0,
      recycleRssMb: 0,
      ...settings,
    },
  );
  return {
    ...worker,
    bots,
    told,
    settled: () => told.flatMap((one) => (one.type === 'activation-settled' ? [one.how] : [])),
    kill() {
      dead = true;
      bots.all.forEach((bot) => bot.end({ kind: 'lost' }));
    },
    cut: (isCut) => void (cut = isCut),
  };
}

/** The same calls, which never answer once `hangs`, and fail while `fails`. */
function severable<T extends Queue | LeaseTable>(
  real: T,
  hangs: () => boolean,
  fails: () => boolean = () => false,
): T {
  return new Proxy(real, {
    get(target, name) {
      const call = Reflect.get(target, name) as (...args: readonly unknown[]) => Promise<unknown>;
      return async (...args: readonly unknown[]) => {
        if (hangs()) return await new Promise(() => undefined);
        if (fails()) throw CUT_OFF;
        const answer = await call.apply(target, [...args]);
        return hangs() ? await new Promise(() => undefined) : answer;
      };
    },
  });
}

/** A clock whose timers do not fire once the process is dead. */
function mortal(clock: Clock, dead: () => boolean): Clock {
  return {
    ...clock,
    after: (delayMs, run) => clock.after(delayMs, () => void (dead() || run())),
    delay: async (delayMs, signal) => {
      await clock.delay(delayMs, signal);
      if (dead()) await new Promise(() => undefined);
    },
  };
}

const CUT_OFF = new TroupeError('cut off by a test', {
  kind: 'unavailable',
  fault: 'fleet',
  service: 'queue',
});
