import type { Template } from './templates.ts';

/** Where a recording was entered: at its frame `fromIndex`, with the stream's frame `atFrame`. */
export interface Entry {
  readonly template: Template;
  readonly fromIndex: number;
  readonly atFrame: number;
  readonly before: Passage | undefined;
}

/** A stretch of one recording that was heard, up to and with its frame `toIndex`. */
export interface Passage extends Entry {
  readonly toIndex: number;
}

/** One way to explain the stream so far: what it costs and the last recording in it. */
export interface Path {
  readonly cost: number;
  readonly after: Passage | undefined;
}

/** The cheapest of several paths. */
export function cheapest(first: Path, ...others: readonly Path[]): Path {
  return others.reduce((best, path) => (path.cost < best.cost ? path : best), first);
}

/** The same path, dearer. */
export function dearer({ cost, after }: Path, by: number): Path {
  return { cost: cost + by, after };
}
