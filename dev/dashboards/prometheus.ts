/** One line of an answer: its labels, and its values, each at a time in s since 1970. */
export interface Line {
  readonly labels: Readonly<Record<string, string>>;
  readonly points: readonly Point[];
}

/** A time in s since 1970, and a number; what Prometheus could not compute (NaN) is left out. */
export type Point = readonly [at: number, value: number];

/** From when to when, in s since 1970, and how often. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

const LIMIT_MS = 30_000;

/**
 * Puts a dashboard's query to a Prometheus, as Grafana does with everything chosen at the top.
 * @throws what Prometheus said where it refuses the query.
 */
export async function query(address: string, expr: string, span: Span): Promise<readonly Line[]> {
  const body = new URLSearchParams({
    query: withAllChosen(expr),
    ...Object.fromEntries(Object.entries(span).map(([name, value]) => [name, String(value)])),
  });
  const answer = await fetch(`${address}/api/v1/query_range`, {
    method: 'POST',
    body,
    signal: AbortSignal.timeout(LIMIT_MS),
  });
  const { error, data } = (await answer.json()) as Answer;
  if (data === undefined) throw new Error(`Prometheus refuses ${expr}: ${error}`);
  return data.result.map(({ metric, values }) => ({
    labels: metric,
    points: values
      .map(([at, value]) => [at, Number(value)] as const)
      .filter(([, value]) => Number.isFinite(value)),
  }));
}

interface Answer {
  readonly error?: string;
  readonly data?: {
    readonly result: readonly {
      readonly metric: Readonly<Record<string, string>>;
      readonly values: readonly (readonly [number, string])[];
    }[];
  };
}

/** The query with Grafana's variables filled in: all workers and providers, scraped every 15 s. */
export function withAllChosen(expr: string): string {
  return expr
    .replaceAll('$__rate_interval', '1m')
    .replaceAll(/"\$(namespace|pod|provider)"/gu, '".*"');
}
