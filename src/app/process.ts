import { hostname } from 'node:os';
import type { Config } from '../config.ts';
import { systemClock } from '../lib/clock.ts';
import { makeLog } from '../ops/log.ts';
import { makeMetrics } from '../ops/metrics.ts';
import type { Metrics } from '../ops/metrics.ts';
import { observeInto } from '../ops/observe.ts';
import type { Tracing } from '../ops/tracing.ts';
import type { Observe } from '../ports/observe.ts';
import { productVersion } from './product-version.ts';

/** How the process is asked to end: first gracefully, then, on a second signal, at once. */
export interface Shutdown {
  readonly graceful: AbortSignal;
  readonly forced: AbortSignal;
}

/**
 * Who serves, as leases and logs name it, where it tells what happens, and what is measured. Disposal
 * sends the traces that wait, for 2 s at most.
 */
export interface ServingProcess extends AsyncDisposable {
  readonly worker: string;
  readonly observe: Observe;
  readonly metrics: Metrics;
}

/** Names this process, opens its log, metrics and traces, and lets it survive its own defects. */
export async function openProcess(config: Config): Promise<ServingProcess> {
  const worker = config.WORKER_NAME ?? `${hostname()}-${process.pid}`;
  const level = config.FEATURE_ENABLE_DEBUG_LOGGING ? 'debug' : config.LOG_LEVEL;
  const log = observeInto(makeLog(level, worker));
  const version = productVersion();
  const metrics = makeMetrics(systemClock, { version });
  const told: Observe = (observation) => {
    log(observation);
    metrics.observe(observation);
  };
  const tracing = await openWantedTracing(config, { version, instance: worker }, told);
  const observe: Observe =
    tracing === undefined
      ? told
      : (observation) => {
          told(observation);
          tracing.observe(observation);
        };
  surviveDefects(observe);
  const end = async (): Promise<void> => await tracing?.[Symbol.asyncDispose]();
  return { worker, observe, metrics, [Symbol.asyncDispose]: end };
}

/** Nothing of it is loaded where no collector is configured. */
async function openWantedTracing(
  config: Config,
  who: { readonly version: string; readonly instance: string },
  observe: Observe,
): Promise<Tracing | undefined> {
  const endpoint = config.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (endpoint === undefined) return undefined;
  const { openTracing } = await import('../ops/tracing.ts');
  const settings = {
    ...who,
    endpoint,
    service: config.OTEL_SERVICE_NAME,
    share: config.OTEL_TRACES_SAMPLER_ARG,
  };
  return openTracing({ clock: systemClock, observe }, settings);
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
