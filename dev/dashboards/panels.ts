import type { Panel, Query } from './board.ts';
import { percentile } from './promql.ts';
import type { Scope } from './promql.ts';

type Graph = Omit<Panel, 'as' | 'queries'> & { readonly queries: Record<string, string> };
type Figure = Omit<Panel, 'as' | 'queries'> & { readonly expr: string };

/** Lines over time, each by its name in the legend. */
export function graph({ queries, ...panel }: Graph): Panel {
  return { ...panel, as: 'graph', queries: named(queries) };
}

/** One number, the newest, with its course behind it. */
export function figure({ expr, ...panel }: Figure): Panel {
  return { ...panel, as: 'number', queries: [{ expr, legend: panel.title }] };
}

/** The queries of a histogram's middle, tail, and end. */
export function percentiles(metric: string, scope: Scope = {}): Record<string, string> {
  return Object.fromEntries(
    [0.5, 0.95, 0.99].map((at) => [`P${at * 100}`, percentile(at, metric, scope)]),
  );
}

function named(queries: Record<string, string>): readonly Query[] {
  return Object.entries(queries).map(([legend, expr]) => ({ expr, legend }));
}
