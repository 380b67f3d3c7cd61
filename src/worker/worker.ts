import type { TroupeError } from '../errors.ts';
import { unlessAborted } from '../lib/abort.ts';
import type { Clock } from '../lib/clock.ts';
import { openScope, ScopeEnded } from '../lib/scope.ts';
import type { BotStatus, StartBot } from '../ports/bot.ts';
import type { LeaseTable } from '../ports/lease-table.ts';
import type { Observe } from '../ports/observe.ts';
import type { Queue } from '../ports/queue.ts';
import { assign } from './assignment.ts';
import { startConsumer } from './consumer.ts';
import { drain } from './drain.ts';
import { makeGate } from './gate.ts';
import { startHeartbeat } from './heartbeat.ts';
import { leaseTimes } from './lease-times.ts';
import { makeLookUps } from './look-ups.ts';
import { makeRecovery } from './recovery.ts';
import type { Probe } from './recovery.ts';
import { watchWear } from './recycling.ts';
import type { RecyclingSettings } from './recycling.ts';
import { runRollover } from './rollover.ts';
import { makeSlots } from './slots.ts';

export interface WorkerDeps {
  readonly queue: Queue;
  readonly leases: LeaseTable;
  readonly startBot: StartBot;
  /**
   * By service, as errors name it: `database`, `livekit`. That of the database asserts the role and
   * reads `sessions` once.
   */
  readonly probes: Readonly<Record<string, Probe>>;
  readonly clock: Clock;
  readonly observe: Observe;
  readonly random: () => number;
  readonly newId: () => string;
  /** Resident memory of the process, in MB. */
  readonly rssMb: () => number;
}

export interface WorkerSettings extends RecyclingSettings {
  /** The worker's name in leases and logs. */
  readonly worker: string;
  readonly maxRooms: number;
  readonly visibilityMs: number;
  readonly waitMs: number;
  readonly drainTimeoutMs: number;
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

/** One process of the fleet, from queue to running bots. */
export function runWorker(workerDeps: WorkerDeps, settings: WorkerSettings): Worker {
  const life = openScope();
  const draining = openScope();
  const forced = openScope();
  const endSoon = (why: string): void => draining.end(new ScopeEnded(why));

  const slots = makeSlots(settings.maxRooms);
  const gate = makeGate(workerDeps.observe);
  const deps = { ...workerDeps, slots, gate };
  const times = leaseTimes(settings.visibilityMs);
  const recovery = makeRecovery(deps, life.signal);
  const assignment = {
    ...deps,
    times,
    recovery,
    worker: settings.worker,
    draining: draining.signal,
    heartbeat: startHeartbeat(deps, times, life.signal),
    lookUps: makeLookUps(),
  };
  const consumer = startConsumer(
    { ...deps, assign: (received) => assign(assignment, received) },
    settings,
    draining.signal,
    forced.signal,
  );
  void runRollover(deps, draining.signal);
  void watchWear(deps, settings, () => endSoon('recycling'), draining.signal);

  return {
    notReady: () => {
      const reasons = [draining.signal.aborted ? 'draining' : undefined, consumer.trouble()];
      return [...reasons.filter((reason) => reason !== undefined), ...gate.reasons()];
    },
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
    drain: () => endSoon('draining'),
    stop() {
      endSoon('stopped');
      forced.end(new ScopeEnded('stopped'));
    },
    done: end().catch((error: unknown) => deps.observe({ type: 'unexpected-error', error })),
  };

  async function end(): Promise<void> {
    await unlessAborted(consumer.done, draining.signal).catch(() => undefined);
    try {
      await drain(deps, settings.drainTimeoutMs, forced.signal);
      await consumer.done;
    } finally {
      life.end(new ScopeEnded('the worker has ended'));
    }
  }
}
