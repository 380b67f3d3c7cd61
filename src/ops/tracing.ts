import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, TraceFlags } from '@opentelemetry/api';
import type { Context, Link, Span, Tracer } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  RandomIdGenerator,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { IdGenerator, SpanExporter } from '@opentelemetry/sdk-trace';
import type { Clock } from '../lib/clock.ts';
import { withDeadline } from '../lib/deadline.ts';
import type { Observe } from '../ports/observe.ts';
import { openTurnBook } from './turn-book.ts';
import type { TracePlan } from './turn-book.ts';
import type { SpanPlan } from './turn-spans.ts';

export interface TracingDeps {
  readonly clock: Clock;
  /** Gets that the collector takes nothing, at most once a minute. */
  readonly observe: Observe;
}

export interface TracingSettings {
  /** Base URL of an OTLP receiver over HTTP; spans go to `/v1/traces` there. */
  readonly endpoint: string;
  readonly service: string;
  readonly version: string;
  /** The worker's name. */
  readonly instance: string;
  /** Share of traces that are exported, 0 to 1; decided by the trace's id, so alike in all workers. */
  readonly share: number;
}

/** Traces what is observed. Disposal flushes, for 2 s at most. */
export interface Tracing extends AsyncDisposable {
  /** Never throws, and sends nothing itself: spans wait in a bounded queue. */
  readonly observe: Observe;
}

/** Spans that wait for the collector at most; what comes beyond is dropped. */
const MOST_WAITING = 4_096;
const EXPORT_EVERY_MS = 2_000;
const EXPORT_LIMIT_MS = 5_000;
const FLUSH_LIMIT_MS = 2_000;
const TELL_EVERY_MS = 60_000;

/** Opens the export of one trace per turn. Loaded only where it is configured. */
export function openTracing({ clock, observe }: TracingDeps, settings: TracingSettings): Tracing {
  const ids = openIds();
  const url = `${settings.endpoint.replace(/\/$/, '')}/v1/traces`;
  const exporter = new OTLPTraceExporter({ url, timeoutMillis: EXPORT_LIMIT_MS });
  const provider = new TracerProvider({
    idGenerator: ids,
    sampler: new TraceIdRatioBasedSampler(settings.share),
    resource: resourceFromAttributes({
      'service.name': settings.service,
      'service.version': settings.version,
      'service.instance.id': settings.instance,
    }),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: tellingFailures(exporter, { clock, observe }),
        maxQueueSize: MOST_WAITING,
        scheduledDelayMillis: EXPORT_EVERY_MS,
        exportTimeoutMillis: EXPORT_LIMIT_MS,
      }),
    ],
  });
  const tracer = provider.getTracer('troupe', settings.version);
  const book = openTurnBook(
    () => clock.wallMs(),
    (plan) => write(tracer, ids, plan),
  );
  return {
    observe(observation) {
      try {
        book(observation);
      } catch (error) {
        observe({ type: 'unexpected-error', error });
      }
    },
    async [Symbol.asyncDispose]() {
      // What was told in this very moment is written behind it.
      await Promise.resolve();
      const flushed = withDeadline(clock, FLUSH_LIMIT_MS, () => provider.shutdown());
      await flushed.catch(() => undefined);
    },
  };
}

/** Ids that are known before the span is: those that are asked for, else random ones. */
interface Ids extends IdGenerator {
  next(wanted: Pick<TracePlan, 'traceId' | 'spanId'> | undefined): void;
}

function openIds(): Ids {
  const random = new RandomIdGenerator();
  let wanted: Pick<TracePlan, 'traceId' | 'spanId'> | undefined;
  return {
    next: (one) => void (wanted = one),
    generateTraceId: () => wanted?.traceId ?? random.generateTraceId(),
    generateSpanId: () => wanted?.spanId ?? random.generateSpanId(),
  };
}

function write(tracer: Tracer, ids: Ids, plan: TracePlan): void {
  const { spans, link } = plan;
  const [first, ...stages] = spans;
  ids.next(plan);
  const links = link && [{ context: { ...link, traceFlags: TraceFlags.SAMPLED, isRemote: true } }];
  const root = start(tracer, first, ROOT_CONTEXT, links);
  ids.next(undefined);
  const within = trace.setSpan(ROOT_CONTEXT, root);
  for (const stage of stages) start(tracer, stage, within).end(new Date(stage.to));
  root.end(new Date(first.to));
}

function start(tracer: Tracer, plan: SpanPlan, within: Context, links: Link[] = []): Span {
  const span = tracer.startSpan(
    plan.name,
    {
      kind: plan.kind === 'client' ? SpanKind.CLIENT : SpanKind.INTERNAL,
      // A number would be read as a time of the process where it is small.
      startTime: new Date(plan.from),
      attributes: { ...plan.attributes },
      links,
    },
    within,
  );
  if (plan.error !== undefined) {
    span.setAttribute('error.type', plan.error);
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  return span;
}

/** A collector that takes nothing is told now and then, without what it was to take. */
function tellingFailures(exporter: SpanExporter, { clock, observe }: TracingDeps): SpanExporter {
  let silentUntil = -Infinity;
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        if (result.error !== undefined && clock.monotonicMs() >= silentUntil) {
          silentUntil = clock.monotonicMs() + TELL_EVERY_MS;
          observe({ type: 'warning', what: 'traces cannot be exported and are dropped' });
        }
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
  };
}
