import type { Line, Point } from '../prometheus.ts';
import type { Answers } from './draw.ts';
import { SERIES } from './style.ts';

/** One line with its name and colour; stacked, it lies on what is `below` at each time. */
export interface Series {
  readonly name: string;
  readonly colour: string;
  readonly points: readonly Point[];
  readonly below: ReadonlyMap<number, number>;
}

/** The lines of a graph as its queries' legends name them, each on those before it if `isStacked`. */
export function seriesOf(
  answers: Answers,
  legends: readonly string[],
  isStacked: boolean,
): readonly Series[] {
  const sums = new Map<number, number>();
  return answers
    .flatMap((lines, query) => lines.map((line) => ({ line, legend: legends[query] ?? '' })))
    .filter(({ line }) => line.points.length > 0)
    .map(({ line, legend }, at) => {
      const below = new Map(sums);
      if (isStacked) {
        for (const [when, value] of line.points) sums.set(when, (sums.get(when) ?? 0) + value);
      }
      const colour = SERIES[at % SERIES.length] ?? '';
      return { name: nameOf(line, legend), colour, points: line.points, below };
    });
}

function nameOf({ labels }: Line, legend: string): string {
  return legend.replaceAll(/\{\{(\w+)\}\}/gu, (_, label: string) => labels[label] ?? '');
}

/** The highest value that is drawn; 1 where all is nought. */
export function highestOf(series: readonly Series[]): number {
  const tops = series.flatMap(({ points, below }) =>
    points.map(([at, value]) => (below.get(at) ?? 0) + value),
  );
  return Math.max(...tops, 0) || 1;
}

/** The runs of a line's points, parted where Prometheus knew nothing. */
export function runsOf({ points }: Series, stepS: number): readonly (readonly Point[])[] {
  const runs: Point[][] = [];
  for (const point of points) {
    const [run, last] = [runs.at(-1), runs.at(-1)?.at(-1)];
    if (run === undefined || last === undefined || point[0] - last[0] > stepS * 1.5) {
      runs.push([point]);
    } else run.push(point);
  }
  return runs;
}
