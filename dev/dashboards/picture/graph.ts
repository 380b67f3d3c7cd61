import { GraphThresholdsStyleMode, StackingMode } from '@grafana/schema';
import type { FieldConfig, GraphFieldConfig, Panel } from '@grafana/schema';
import { element, text } from '../../voice/svg.ts';
import type { Span } from '../prometheus.ts';
import { drawAxes, makePlot, placeOf } from './axes.ts';
import type { Place, Plot } from './axes.ts';
import type { Answers, Box } from './draw.ts';
import { drawLegend, LEGEND_HEIGHT } from './legend.ts';
import { highestOf, runsOf, seriesOf } from './series.ts';
import type { Series } from './series.ts';
import { COLOURS, FAINT } from './style.ts';

/** Lines over time, or areas that lie on each other, with axes, threshold and legend. */
export function drawGraph(
  { targets = [], fieldConfig }: Panel,
  answers: Answers,
  box: Box,
  span: Span,
): readonly string[] {
  const fields: FieldConfig<GraphFieldConfig> = fieldConfig?.defaults ?? {};
  const { unit = 'short', max, noValue = 'No data', custom } = fields;
  const isStacked = custom?.stacking?.mode === StackingMode.Normal;
  const legends = targets.map((target) => String(target['legendFormat']));
  const series = seriesOf(answers, legends, isStacked);
  if (series.length === 0) return [drawNothing(noValue, box)];
  const plot = makePlot(
    {
      x: box.x + 52,
      y: box.y + 6,
      width: box.width - 56,
      height: box.height - LEGEND_HEIGHT - 22,
    },
    span,
    unit,
    highestOf(series),
    max,
  );
  return [
    ...drawAxes(plot),
    ...series.flatMap((one) => drawSeries(one, isStacked, plot)),
    ...drawThreshold(fields, plot),
    ...drawLegend(series, unit, { ...box, y: box.y + box.height - LEGEND_HEIGHT + 16 }),
  ];
}

function drawNothing(words: string, { x, y, width, height }: Box): string {
  return text(x + width / 2, y + height / 2, words, { fill: FAINT, 'text-anchor': 'middle' });
}

function drawSeries(series: Series, isStacked: boolean, plot: Plot): readonly string[] {
  const { below, colour } = series;
  return runsOf(series, plot.span.step).flatMap((run) => {
    const upper = run.map(([at, value]) => placeOf(plot, at, (below.get(at) ?? 0) + value));
    const line = element('path', { d: path(upper), fill: 'none', stroke: colour });
    if (!isStacked) return [line];
    const lower = run.map(([at]) => placeOf(plot, at, below.get(at) ?? 0)).toReversed();
    const d = `${path([...upper, ...lower])}Z`;
    return [element('path', { d, fill: colour, 'fill-opacity': 0.4 }), line];
  });
}

function path(places: readonly Place[]): string {
  return places
    .map(([x, y], at) => `${at === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`)
    .join('');
}

/** Where it is within the axis: like Grafana's, it does not stretch it. */
function drawThreshold(
  { thresholds, custom }: FieldConfig<GraphFieldConfig>,
  plot: Plot,
): readonly string[] {
  if (custom?.thresholdsStyle?.mode !== GraphThresholdsStyleMode.Dashed) return [];
  return (thresholds?.steps ?? []).flatMap(({ value, color }) => {
    if (value === null || value > plot.top) return [];
    const [x1, y1] = placeOf(plot, plot.span.start, value);
    const line = { x1, y1, x2: x1 + plot.box.width, y2: y1, stroke: COLOURS[color] ?? FAINT };
    return [element('line', { ...line, 'stroke-dasharray': '6 4' })];
  });
}
