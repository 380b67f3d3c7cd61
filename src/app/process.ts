import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Config } from '../config.ts';
import { makeLog } from '../ops/log.ts';
import { makeMetrics } from '../ops/metrics.ts';
import type { Metrics } from '../ops/metrics.ts';
import { observeInto } from '../ops/observe.ts';
import type { Observe } from '../ports/observe.ts';

/** How the process is asked to end: first gracefully, then, on a second signal, at once. */
export interface Shutdown {
  readonly graceful: AbortSignal;
  readonly forced: AbortSignal;
}

/** Who serves, as leases and logs name it, where it tells what happens, and what is measured. */
export interface ServingProcess {
  readonly worker: string;
  readonly observe: Observe;
  readonly metrics: Metrics;
}

/** Names this process, opens its log and its metrics, and lets it survive its own defects. */
export function openProcess(config: Config): ServingProcess {
  const worker = config.WORKER_NAME ?? `${hostname()}-${process.pid}`;
  const log = observeInto(makeLog(config.LOG_LEVEL, worker));
  const metrics = makeMetrics({ version: ownVersion() });
  const observe: Observe = (observation) => {
    log(observation);
    metrics.observe(observation);
  };
  surviveDefects(observe);
  return { worker, observe, metrics };
}

function ownVersion(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { readonly version: string }).version;
}

/**
 * What nobody caught is a defect of ours: it is told, and the other rooms go on. A room that it has
 * broken is noticed by its lease.
 */
function surviveDefects(observe: Observe): void {
  const tell = (error: unknown): void => observe({ type: 'unexpected-error', error });
  process.on('unhandledRejection', tell);
  process.on('uncaughtException', tell);
}
