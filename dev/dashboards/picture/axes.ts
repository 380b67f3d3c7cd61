import { element, text } from '../../voice/svg.ts';
import type { Span } from '../prometheus.ts';
import type { Box } from './draw.ts';
import { FAINT, LINES } from './style.ts';
import { inUnit } from './unit.ts';

/** The place of a graph's lines and the values at its ends. */
export interface Plot {
  readonly box: Box;
  readonly span: Span;
  readonly top: number;
  readonly step: number;
  readonly unit: string;
}

/** A plot with a round end at or above `highest`, or at `max`. */
export function makePlot(box: Box, span: Span, unit: string, highest: number, max?: number): Plot {
  const step = stepFor(max ?? highest, unit);
  return { box, span, unit, step, top: max ?? Math.ceil(highest / step + 0.01) * step };
}

/** A round step that parts the axis into three to six. */
function stepFor(top: number, unit: string): number {
  if (unit === 'bytes') return 2 ** Math.floor(Math.log2(top / 3));
  const power = 10 ** Math.floor(Math.log10(top / 3));
  return power * ([1, 2, 5, 10].findLast((times) => times * power <= top / 3) ?? 1);
}

/** Where in the picture a value at a time is, in px. */
export function placeOf({ box, span, top }: Plot, at: number, value: number): Place {
  const [right, up] = [(at - span.start) / (span.end - span.start), Math.min(value, top) / top];
  return [box.x + right * box.width, box.y + (1 - up) * box.height];
}

/** In px from the left and from the top. */
export type Place = readonly [x: number, y: number];

const TICK_S = 120;

/** Values from the bottom to the top, and the time of day (UTC) below. */
export function drawAxes(plot: Plot): readonly string[] {
  const { box, span, top, step, unit } = plot;
  const values = Array.from({ length: Math.floor(top / step + 1e-6) + 1 }, (_, n) => n * step);
  const first = Math.ceil(span.start / TICK_S) * TICK_S;
  const times = Array.from(
    { length: Math.ceil((span.end - first) / TICK_S) },
    (_, n) => first + n * TICK_S,
  );
  const small = { fill: FAINT, 'font-size': 10 };
  return [
    ...values.flatMap((value) => {
      const [, y] = placeOf(plot, span.start, value);
      return [
        element('line', { x1: box.x, y1: y, x2: box.x + box.width, y2: y, stroke: LINES }),
        text(box.x - 5, y + 4, inUnit(value, unit), { ...small, 'text-anchor': 'end' }),
      ];
    }),
    ...times.map((at) =>
      text(
        placeOf(plot, at, 0)[0],
        box.y + box.height + 14,
        new Date(at * 1000).toISOString().slice(11, 16),
        { ...small, 'text-anchor': 'middle' },
      ),
    ),
  ];
}
