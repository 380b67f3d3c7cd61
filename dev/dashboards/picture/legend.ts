import { element, text } from '../../voice/svg.ts';
import type { Box } from './draw.ts';
import type { Series } from './series.ts';
import { INK, shorten, widthOf } from './style.ts';
import { inUnit } from './unit.ts';

const ROW = 15;
const ROWS = 3;
/** Room for it below a graph, in px. */
export const LEGEND_HEIGHT = ROW * ROWS;

/** Each series by colour and name with its newest value, as many as fit. */
export function drawLegend(
  series: readonly Series[],
  unit: string | undefined,
  box: Box,
): readonly string[] {
  let [left, row] = [0, 0];
  return series.flatMap(({ name, colour, points }) => {
    const label = shorten(`${name} ${inUnit(points.at(-1)?.[1] ?? 0, unit)}`, box.width - 20);
    const width = widthOf(label) + 26;
    if (left > 0 && left + width > box.width) [left, row] = [0, row + 1];
    if (row >= ROWS) return [];
    const [x, y] = [box.x + left, box.y + row * ROW];
    left += width;
    return [
      element('rect', { x, y: y - 4, width: 12, height: 3, fill: colour }),
      text(x + 16, y, label, { fill: INK, 'font-size': 11 }),
    ];
  });
}
