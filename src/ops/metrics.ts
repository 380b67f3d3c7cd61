import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Clock } from '../lib/clock.ts';
import type { BotStatus } from '../ports/bot.ts';
import type { Observe } from '../ports/observe.ts';
import { count } from './count.ts';
import type { Tally } from './count.ts';
import { canMeet } from './label-values.ts';
import { METRICS } from './metric-table.ts';
import type { MetricName, MetricSpec } from './metric-table.ts';
import { openHolds } from './holds.ts';
import { openNews } from './news.ts';

/** What is read anew at each scrape. */
export interface FleetState {
  readonly ready: boolean;
  readonly draining: boolean;
  readonly maxRooms: number;
  readonly rooms: readonly Pick<BotStatus, 'mode' | 'phase'>[];
}

/** The metrics of the process. */
export interface Metrics {
  /** Counts an observation; never throws. */
  readonly observe: Observe;
  /** All metrics in the text format of Prometheus; `fleet` where there is a worker. */
  expose(fleet?: FleetState): Promise<string>;
}

/** The content type of what is exposed. */
export const METRICS_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;

/** Makes the metrics, in a registry of their own, and those that every Node process has. */
export function makeMetrics(
  clock: Pick<Clock, 'monotonicMs'>,
  build: { readonly version: string },
): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const info = { name: 'troupe_build_info', help: 'Always 1: what runs here', registers };
  new Gauge({ ...info, labelNames: ['version', 'node'] }).set(
    { version: build.version, node: process.version },
    1,
  );
  const instruments = makeInstruments(registry);
  const unsaved = new Set<string>();
  const holds = openHolds(clock);
  const tally: Tally = {
    add: (metric, labels = {}, by = 1) =>
      instruments.counter(metric).inc(bounded(metric, labels), by),
    set: (metric, value, labels = {}) =>
      instruments.gauge(metric).set(bounded(metric, labels), value),
    hold: (metric, forMs, labels) => holds.begin(metric, bounded(metric, labels), forMs),
    isNews: openNews(),
    time(metric, ms, labels = {}) {
      if (ms !== undefined)
        instruments.histogram(metric).observe(bounded(metric, labels), ms / 1e3);
    },
    unsaved(room, isUnsaved) {
      if (room === undefined) return;
      if (isUnsaved) unsaved.add(room);
      else unsaved.delete(room);
    },
  };
  return {
    observe(observation) {
      try {
        count(tally, observation);
      } catch {
        // Whoever talks must not suffer from being counted.
        instruments.counter('troupe_uncounted_observations_total').inc();
      }
    },
    async expose(fleet) {
      tally.set('troupe_contexts_unsaved', unsaved.size);
      tally.set('troupe_native_memory_bytes', nativeBytes());
      for (const { metric, labels, isOn } of holds.read()) tally.set(metric, isOn ? 1 : 0, labels);
      if (fleet !== undefined) showFleet(tally, instruments.gauge('troupe_rooms'), fleet);
      return await registry.metrics();
    },
  };
}

/** Its values, each from its closed set, or else `other`. */
function bounded(
  metric: MetricName,
  labels: Readonly<Record<string, string>>,
): Record<string, string> {
  const { labels: closed }: MetricSpec = METRICS[metric];
  return Object.fromEntries(
    Object.entries(closed).map(([label, values]) => {
      const value = labels[label] ?? 'other';
      return [label, values.includes(value) ? value : 'other'];
    }),
  );
}

function makeInstruments(registry: Registry) {
  const counters = new Map<string, Counter>();
  const gauges = new Map<string, Gauge>();
  const histograms = new Map<string, Histogram>();
  for (const [name, spec] of Object.entries<MetricSpec>(METRICS)) {
    const { help, type, buckets = [] } = spec;
    const labelNames = Object.keys(spec.labels);
    const settings = { name, help, labelNames, registers: [registry] };
    if (type === 'counter') counters.set(name, begun(new Counter(settings), spec.labels));
    else if (type === 'gauge') gauges.set(name, new Gauge(settings));
    else histograms.set(name, new Histogram({ ...settings, buckets: [...buckets] }));
  }
  return {
    counter: (name: MetricName) => found(counters, name),
    gauge: (name: MetricName) => found(gauges, name),
    histogram: (name: MetricName) => found(histograms, name),
  };
}

/** More series than these are not worth a zero. */
const MOST_AT_ZERO = 40;

/** At zero from the start where its series are few, so that no rate misses the first of a kind. */
function begun(counter: Counter, labels: MetricSpec['labels']): Counter {
  const series = Object.entries(labels)
    .reduce<readonly Labels[]>(
      (before, [label, values]) =>
        before.flatMap((one) => values.map((value) => ({ ...one, [label]: value }))),
      [{}],
    )
    .filter(canMeet);
  if (series.length <= MOST_AT_ZERO) for (const one of series) counter.inc(one, 0);
  return counter;
}

type Labels = Readonly<Record<string, string>>;

function found<T>(instruments: ReadonlyMap<string, T>, name: string): T {
  const instrument = instruments.get(name);
  if (instrument === undefined) throw new Error(`${name} is no metric of this type`);
  return instrument;
}

function showFleet(tally: Tally, rooms: Gauge, { ready, draining, ...state }: FleetState): void {
  tally.set('troupe_ready', ready ? 1 : 0);
  tally.set('troupe_draining', draining ? 1 : 0);
  tally.set('troupe_slots', state.maxRooms);
  tally.set('troupe_slots_used', state.rooms.length);
  rooms.reset();
  const counts = new Map<string, number>();
  for (const { mode = 'undecided', phase } of state.rooms) {
    counts.set(`${mode} ${phase}`, (counts.get(`${mode} ${phase}`) ?? 0) + 1);
  }
  for (const [key, number] of counts) {
    const [mode = '', phase = ''] = key.split(' ');
    tally.set('troupe_rooms', number, { mode, phase });
  }
}

/** What neither the heap nor array buffers hold: the media library’s, mostly. */
function nativeBytes(): number {
  const { rss, heapTotal, external } = process.memoryUsage();
  return Math.max(0, rss - heapTotal - external);
}
