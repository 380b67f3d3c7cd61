import type { TroupeError } from '../errors.ts';
import type { Clock } from '../lib/clock.ts';
import { backoffMs } from '../lib/retry.ts';
import type { Observe } from '../ports/observe.ts';
import type { Gate } from './gate.ts';

/** Tries a service; resolves when it works for us. */
export type Probe = (signal: AbortSignal) => Promise<void>;

/** Waits, for all rooms together, until a service works again. */
export interface Recovery {
  /**
   * Stops receiving and resolves when the service that failed answers its probe; one probe runs
   * per service however many rooms wait. Resolves at once where the service has none.
   */
  recovered(failure: TroupeError, signal: AbortSignal): Promise<void>;
  /** Asks the probe once; false if it does not answer. */
  works(service: string, signal: AbortSignal): Promise<boolean>;
}

export interface RecoveryDeps {
  readonly probes: Readonly<Record<string, Probe>>;
  readonly gate: Gate;
  readonly clock: Clock;
  readonly observe: Observe;
  readonly random: () => number;
}

const PROBING = { firstMs: 500, maxMs: 15_000 };

export function makeRecovery(deps: RecoveryDeps, life: AbortSignal): Recovery {
  const running = new Map<string, Promise<void>>();
  const works = async (service: string, signal: AbortSignal): Promise<boolean> => {
    try {
      await deps.probes[service]?.(signal);
      return true;
    } catch (error) {
      deps.observe({ type: 'provider-failed', provider: service, error });
      return false;
    }
  };
  const probe = async (failure: TroupeError): Promise<void> => {
    const why = `${failure.service}: ${failure.message}`;
    deps.gate.close(why);
    for (let attempt = 1; !life.aborted; attempt += 1) {
      await deps.clock
        .delay(backoffMs(PROBING, attempt, deps.random()), life)
        .catch(() => undefined);
      if (!life.aborted && (await works(failure.service, life))) break;
    }
    running.delete(failure.service);
    deps.gate.open(why);
  };
  return {
    works,
    async recovered(failure, signal) {
      if (deps.probes[failure.service] === undefined) return;
      const waiting = running.get(failure.service) ?? probe(failure);
      running.set(failure.service, waiting);
      await Promise.race([waiting, aborted(signal)]);
    },
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
