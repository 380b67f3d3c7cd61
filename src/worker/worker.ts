import type { TroupeError } from '../errors.ts';
import type { Clock } from '../lib/clock.ts';
import { openScope } from '../lib/scope.ts';
import type { LeaseTable } from '../ports/lease-table.ts';
import type { Observe } from '../ports/observe.ts';
import type { Queue } from '../ports/queue.ts';
import { assign } from './assignment.ts';
import type { BotStatus, StartBot } from './bot.ts';
import { runConsumer } from './consumer.ts';
import { drain } from './drain.ts';
import { makeGate } from './gate.ts';
import { startHeartbeat } from './heartbeat.ts';
import { leaseTimes } from './lease-times.ts';
import { makeRecovery } from './recovery.ts';
import type { Probe } from './recovery.ts';
import { releaseMessage } from './row-and-message.ts';
import { runRollover } from './rollover.ts';
import { makeSlots } from './slots.ts';

export interface WorkerDeps {
  readonly queue: Queue;
  readonly leases: LeaseTable;
  readonly startBot: StartBot;
  /** By service, as errors name it: `database`, `livekit`. */
  readonly probes: Readonly<Record<string, Probe>>;
  readonly clock: Clock;
  readonly observe: Observe;
  readonly random: () => number;
  readonly newId: () => string;
  /** Resident memory of the process, in MB. */
  readonly rssMb: () => number;
}

export interface WorkerSettings {
  /** The worker's name in leases and logs. */
  readonly worker: string;
  readonly maxRooms: number;
  readonly visibilityMs: number;
  readonly waitMs: number;
  readonly drainTimeoutMs: number;
  /** Drain after so many rooms; 0: never. */
  readonly recycleAfterRooms: number;
  /** Drain above this memory; 0: never. */
  readonly recycleRssMb: number;
}

/** A worker at work. */
export interface Worker {
  /** Why nobody should count on it; being full is no reason. */
  notReady(): readonly string[];
  status(): WorkerStatus;
  /** A service that all rooms need has failed: nothing is received until its probe works. */
  distrust(failure: TroupeError): void;
  /** Stops receiving, hands its rooms over or lets them finish, and ends; again: no further effect. */
  drain(): void;
  /** Ends at once, handing messages back where that is possible. */
  stop(): void;
  /** Resolves when nothing runs any more; never rejects. */
  readonly done: Promise<void>;
}

export interface WorkerStatus {
  readonly worker: string;
  readonly maxRooms: number;
  readonly draining: boolean;
  readonly rooms: readonly (BotStatus & {
    readonly room: string;
    readonly session: string;
    readonly epoch: number;
    /** Ms since 1970. */
    readonly since: number;
    readonly leaseAgeMs: number;
  })[];
}

const RECYCLE_LOOK_MS = 5_000;
const HANDOVER_SPREAD_MS = 500;

/** One process of the fleet, from queue to running bots. */
export function runWorker(deps: WorkerDeps, settings: WorkerSettings): Worker {
  const { clock, observe } = deps;
  const life = openScope();
  const draining = openScope();
  const forced = openScope();
  const times = leaseTimes(settings.visibilityMs);
  const slots = makeSlots(settings.maxRooms);
  const gate = makeGate(observe);
  const recovery = makeRecovery({ ...deps, gate }, life.signal);
  const heartbeat = startHeartbeat(deps, times, life.signal);
  let queueTrouble: string | undefined;

  const assignment = {
    ...deps,
    ...settings,
    slots,
    heartbeat,
    recovery,
    times,
    draining: draining.signal,
  };
  const consumer = runConsumer(
    {
      ...deps,
      slots,
      gate,
      assign: (received) => void assign(assignment, received),
      tellTrouble: (why) => {
        queueTrouble = why;
      },
    },
    settings,
    draining.signal,
    forced.signal,
  );
  void runRollover({ ...deps, slots }, draining.signal);
  void watchForRecycling();

  const done = (async () => {
    await aborted(draining.signal);
    const drained = drain(
      { ...deps, slots },
      { timeoutMs: settings.drainTimeoutMs, spreadMs: HANDOVER_SPREAD_MS },
      forced.signal,
    );
    await Promise.all([drained, consumer]);
    await returnLeases();
    life.end(new Error('worker ended'));
  })().catch((error: unknown) => observe({ type: 'unexpected-error', error }));

  return {
    notReady: () => [
      ...(draining.signal.aborted ? ['draining'] : []),
      ...gate.reasons(),
      ...(queueTrouble === undefined ? [] : [queueTrouble]),
    ],
    status: () => ({
      worker: settings.worker,
      maxRooms: settings.maxRooms,
      draining: draining.signal.aborted,
      rooms: [...slots.occupants().values()].map(({ bot, lease, since }) => ({
        room: bot.room,
        session: bot.session,
        epoch: lease.epoch(),
        since,
        leaseAgeMs: Math.round(lease.ageMs()),
        ...bot.status(),
      })),
    }),
    distrust: (failure) => void recovery.recovered(failure, life.signal),
    drain: () => draining.end(new Error('draining')),
    stop() {
      draining.end(new Error('stopped'));
      forced.end(new Error('stopped'));
    },
    done,
  };

  /** Bots that did not leave in time: their messages are handed back while they are ours. */
  async function returnLeases(): Promise<void> {
    const left = [...slots.occupants().values()].filter(({ lease }) => lease.owned());
    await Promise.all(left.map(({ lease }) => releaseMessage(deps, lease.receipt().handle)));
  }

  async function watchForRecycling(): Promise<void> {
    while (!draining.signal.aborted) {
      await clock.delay(RECYCLE_LOOK_MS, draining.signal).catch(() => undefined);
      const { recycleAfterRooms, recycleRssMb } = settings;
      const worn = recycleAfterRooms > 0 && slots.served() >= recycleAfterRooms;
      const swollen = recycleRssMb > 0 && deps.rssMb() > recycleRssMb;
      if (worn || swollen) draining.end(new Error('recycling'));
    }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
