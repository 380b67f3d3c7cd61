/** What a query speaks of, beside the workers that are chosen at the dashboard's top. */
export interface Scope {
  /** The labels whose values are kept apart. */
  readonly by?: string;
  /** Further matchers, such as `result="failed"`. */
  readonly where?: string;
}

/** The series of the workers that are chosen. */
export function series(metric: string, where = ''): string {
  return `${metric}{${[CHOSEN, where].filter((one) => one !== '').join(',')}}`;
}

const CHOSEN = 'job="troupe-worker",namespace=~"$namespace",pod=~"$pod"';

/** A gauge, summed. */
export function total(metric: string, { by, where }: Scope = {}): string {
  return `${sum(by)} (${series(metric, where)})`;
}

/** How fast a counter grows, per second. */
export function perSecond(metric: string, { by, where }: Scope = {}): string {
  return `${sum(by)} (rate(${series(metric, where)}[$__rate_interval]))`;
}

/** How fast a counter grows, per minute: what happens seldom reads better so. */
export function perMinute(metric: string, scope: Scope = {}): string {
  return `60 * ${perSecond(metric, scope)}`;
}

/**
 * How fast a counter grows, per minute, of those label values that ever came: a counter whose labels
 * are a closed set begins with a nought of each.
 */
export function perMinuteSeen(metric: string, scope: Scope & { readonly by: string }): string {
  return `${perMinute(metric, scope)} and ${total(metric, scope)} > 0`;
}

/** What a counter grew by within a time such as `10m`: the window of an alert rule. */
export function within(time: string, metric: string, { by, where }: Scope = {}): string {
  return `${sum(by)} (increase(${series(metric, where)}[${time}]))`;
}

/**
 * The same of a series that begins with its first event, which `increase` does not see: one that is
 * younger than `time` counts in whole.
 */
export function withinFromFirst(time: string, metric: string, { by, where }: Scope = {}): string {
  const one = series(metric, where);
  const grown = `(increase(${one}[${time}]) and ${one} offset ${time})`;
  return `${sum(by)} (${grown} or max_over_time(${one}[${time}]))`;
}

/** A percentile (0 to 1) of a histogram, over `time`. */
export function percentile(
  at: number,
  metric: string,
  { by, where }: Scope = {},
  time = '$__rate_interval',
): string {
  const labels = by === undefined ? 'le' : `le, ${by}`;
  const buckets = `sum by (${labels}) (rate(${series(`${metric}_bucket`, where)}[${time}]))`;
  return `histogram_quantile(${at}, ${buckets})`;
}

/** A part of a whole, 0 to 1; no number where there is no whole. */
export function share(part: string, whole: string): string {
  return `${part} / ${whole}`;
}

/** The five workers that have most of it, by name: a fleet has more than one can tell apart. */
export function highest(metric: string, where?: string): string {
  return `topk(5, max by (pod) (${series(metric, where)}))`;
}

function sum(by: string | undefined): string {
  return by === undefined ? 'sum' : `sum by (${by})`;
}
