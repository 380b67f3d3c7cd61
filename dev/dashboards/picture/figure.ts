import type { FieldConfig, Panel } from '@grafana/schema';
import { element, text } from '../../voice/svg.ts';
import type { Point } from '../prometheus.ts';
import type { Answers, Box } from './draw.ts';
import { COLOURS, INK } from './style.ts';
import { inUnit } from './unit.ts';

/** The newest number in its threshold's colour, with its course below. */
export function drawFigure({ fieldConfig }: Panel, answers: Answers, box: Box): readonly string[] {
  const fields = fieldConfig?.defaults ?? {};
  const points = answers.flat()[0]?.points ?? [];
  const last = points.at(-1)?.[1];
  const words = last === undefined ? fields.noValue : inUnit(last, fields.unit);
  const fill = colourOf(last, fields);
  return [
    text(box.x + box.width / 2, box.y + 30, words ?? 'No data', {
      fill,
      'font-size': 26,
      'text-anchor': 'middle',
    }),
    drawCourse(points, fields.max, { ...box, y: box.y + 44, height: box.height - 44 }, fill),
  ];
}

function colourOf(last: number | undefined, { thresholds }: FieldConfig): string {
  if (last === undefined) return INK;
  const step = thresholds?.steps.findLast(({ value }) => value === null || value <= last);
  return COLOURS[step?.color ?? 'text'] ?? INK;
}

function drawCourse(
  points: readonly Point[],
  max: number | undefined,
  { x, y, width, height }: Box,
  stroke: string,
): string {
  const top = max ?? (Math.max(...points.map(([, value]) => value), 0) || 1);
  const [start = 0, end = 1] = [points[0]?.[0], points.at(-1)?.[0]];
  const path = points.map(([at, value], n) => {
    const [left, up] = [((at - start) / (end - start || 1)) * width, (value / top) * height];
    return `${n === 0 ? 'M' : 'L'}${(x + left).toFixed(1)} ${(y + height - up).toFixed(1)}`;
  });
  return element('path', { d: path.join(''), fill: 'none', stroke, 'stroke-opacity': 0.5 });
}
