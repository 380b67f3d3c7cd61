import { isTroupeError, TroupeError } from '../errors.ts';
import { unlessAborted } from '../lib/abort.ts';
import type { Clock } from '../lib/clock.ts';
import { withDeadline } from '../lib/deadline.ts';
import { backoffMs } from '../lib/retry.ts';
import type { Observe } from '../ports/observe.ts';
import type { Gate } from './gate.ts';

/** Tries a service; resolves when it works for us. */
export type Probe = (signal: AbortSignal) => Promise<void>;

/** Waits, for all rooms together, until a service works again. */
export interface Recovery {
  /**
   * Stops receiving and resolves when the service that failed answers its probe; one probe runs
   * per service however many rooms wait. Resolves at once where the service has none, and when
   * `signal` aborts.
   */
  recovered(failure: TroupeError, signal: AbortSignal): Promise<void>;
  /** Asks the probe once: what is wrong, or `undefined` where nothing is or there is no probe. */
  trouble(service: string, signal: AbortSignal): Promise<TroupeError | undefined>;
}

export interface RecoveryDeps {
  readonly probes: Readonly<Record<string, Probe>>;
  readonly gate: Gate;
  readonly clock: Clock;
  readonly observe: Observe;
  readonly random: () => number;
}

const PROBING = { firstMs: 500, maxMs: 15_000 };
const PROBE_LIMIT_MS = 10_000;

/** Probes run until `life` aborts. */
export function makeRecovery(deps: RecoveryDeps, life: AbortSignal): Recovery {
  const { clock, gate, observe, probes } = deps;
  const running = new Map<string, Promise<void>>();

  async function trouble(service: string, signal: AbortSignal): Promise<TroupeError | undefined> {
    const probe = probes[service];
    try {
      if (probe !== undefined) await withDeadline(clock, PROBE_LIMIT_MS, probe, signal);
      return undefined;
    } catch (error) {
      if (!signal.aborted) observe({ type: 'provider-failed', provider: service, error });
      return isTroupeError(error) ? error : noAnswer(service, error);
    }
  }

  async function probeUntilWorking({ service, message }: TroupeError): Promise<void> {
    const why = `${service}: ${message}`;
    gate.close(why);
    for (let attempt = 1; !life.aborted; attempt += 1) {
      const pauseMs = backoffMs(PROBING, attempt, deps.random());
      await clock.delay(pauseMs, life).catch(() => undefined);
      if (!life.aborted && (await trouble(service, life)) === undefined) break;
    }
    running.delete(service);
    gate.open(why);
  }

  return {
    trouble,
    async recovered(failure, signal) {
      if (probes[failure.service] === undefined || signal.aborted) return;
      const waiting = running.get(failure.service) ?? probeUntilWorking(failure);
      running.set(failure.service, waiting);
      await unlessAborted(waiting, signal).catch(() => undefined);
    },
  };
}

function noAnswer(service: string, cause: unknown): TroupeError {
  const details = { kind: 'unavailable', fault: 'fleet', service, cause } as const;
  return new TroupeError('the probe has no answer', details);
}
