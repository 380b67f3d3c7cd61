import type { Observation } from '../../src/ports/observe.ts';
import { startMessage } from '../../src/worker/activation.ts';
import type { Probe } from '../../src/worker/recovery.ts';
import { runWorker } from '../../src/worker/worker.ts';
import type { Worker, WorkerSettings } from '../../src/worker/worker.ts';
import { openFakeBots } from '../support/fake-bot.ts';
import type { FakeBot, FakeBots } from '../support/fake-bot.ts';
import { makeFakeLeaseTable } from '../support/fake-lease-table.ts';
import type { FakeLeaseTable } from '../support/fake-lease-table.ts';
import { makeFakeQueue } from '../support/fake-queue.ts';
import type { FakeQueue } from '../support/fake-queue.ts';
import { openHandClock } from '../support/hand-clock.ts';
import type { HandClock } from '../support/hand-clock.ts';
import { makeMortal } from './mortal.ts';
import type { Mortal, World } from './mortal.ts';

/** Visibility in the fleet, in ms. */
export const V = 60_000;

/** Workers around one queue and one database, all in memory, on a clock moved by hand. */
export interface Fleet {
  readonly clock: HandClock;
  readonly queue: FakeQueue;
  readonly leases: FakeLeaseTable;
  readonly start: (
    settings?: Partial<WorkerSettings>,
    probes?: Readonly<Record<string, Probe>>,
  ) => FleetWorker;
  /** Sends a start into its room's group, or another. */
  readonly ask: (room: string, how?: Ask) => Promise<string>;
  /** The rooms of all bots that run in workers that live. */
  readonly running: () => readonly string[];
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
  readonly process: Mortal;
}

export function openFleet(options: { readonly deadLetters?: boolean } = {}): Fleet {
  const clock = openHandClock();
  const queue = makeFakeQueue(clock, options);
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
      started.bots.onStart((bot) => {
        bot.talk();
        evictOthers(bot, workers, clock);
      });
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
    running: () => everyBot(workers).map(({ room }) => room),
  };
}

/** A fleet of one worker with one bot in a room. */
export async function openWithRoom() {
  const fleet = openFleet();
  const first = fleet.start();
  await fleet.ask('lobby');
  await fleet.clock.live(1_000);
  return { fleet, first, clock: fleet.clock, leases: fleet.leases };
}

function everyBot(workers: readonly FleetWorker[]): readonly FakeBot[] {
  const alive = workers.filter(({ process }) => process.isAlive());
  return alive.flatMap(({ bots }) => bots.all.filter((bot) => bot.running()));
}

/** As LiveKit does: one identity, so the newer bot evicts the older one, which asks the database. */
function evictOthers(newer: FakeBot, workers: readonly FleetWorker[], clock: HandClock): void {
  for (const bot of everyBot(workers)) {
    if (bot !== newer && bot.room === newer.room) void leaveUnlessHeld(bot, clock);
  }
}

/** Asks until there is an answer; the lease's own watch gives up before long. */
async function leaveUnlessHeld(bot: FakeBot, clock: HandClock): Promise<void> {
  const { phase } = bot.status();
  while (bot.running()) {
    const held = await bot.start.lease.confirm().catch(() => undefined);
    if (held === true) return;
    if (held === false) bot.end({ kind: phase === 'handing-over' ? 'handed-over' : 'lost' });
    else await clock.delay(1_000);
  }
}

function startWorker(
  world: World,
  settings: Partial<WorkerSettings> & Pick<WorkerSettings, 'worker'>,
  probes: Readonly<Record<string, Probe>>,
): FleetWorker {
  const bots = openFakeBots();
  const told: Observation[] = [];
  const process = makeMortal(world);
  let ids = 0;
  const worker = runWorker(
    {
      ...process.world,
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
    process,
  };
}
