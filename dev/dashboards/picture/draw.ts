import type { Dashboard, Panel, RowPanel } from '@grafana/schema';
import { element, picture, text } from '../../voice/svg.ts';
import type { Line, Span } from '../prometheus.ts';
import { drawFigure } from './figure.ts';
import { drawGraph } from './graph.ts';
import { INK, LINES, PAGE, shorten } from './style.ts';

/** What Prometheus answered to a panel's queries, one after the other. */
export type Answers = readonly (readonly Line[])[];

/** A place in the picture, in px. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Draws a dashboard as its JSON says, with real data, where no Grafana is at hand: places, units,
 * stacks, thresholds and legends are the JSON's, the look is like Grafana's. One SVG file.
 */
export function drawDashboard(
  { title = '', panels = [] }: Dashboard,
  answersOf: (panel: Panel) => Answers,
  span: Span,
): string {
  const bottom = Math.max(...panels.map(({ gridPos }) => (gridPos?.y ?? 0) + (gridPos?.h ?? 0)));
  const size = { width: COLUMNS * CELL.width + GAP, height: bottom * CELL.height + HEAD + GAP };
  return picture({ ...size, background: PAGE, title }, [
    text(GAP, 24, title, { fill: INK, 'font-size': 18 }),
    ...panels.flatMap((panel) => drawPlace(panel, answersOf, span)),
  ]);
}

const COLUMNS = 24;
const CELL = { width: 50, height: 30 };
const HEAD = 36;
const GAP = 8;

function drawPlace(
  panel: Panel | RowPanel,
  answersOf: (panel: Panel) => Answers,
  span: Span,
): readonly string[] {
  const { x, y, w, h } = panel.gridPos ?? { x: 0, y: 0, w: 1, h: 1 };
  const box = {
    x: x * CELL.width + GAP,
    y: y * CELL.height + HEAD,
    width: w * CELL.width - GAP,
    height: h * CELL.height - GAP,
  };
  const title = panel.title ?? '';
  if (isRow(panel)) return [text(box.x, box.y + 18, title, { fill: INK, 'font-weight': 600 })];
  const inner = { x: box.x + 8, y: box.y + 26, width: box.width - 16, height: box.height - 32 };
  const answers = answersOf(panel);
  return [
    element('rect', { ...box, rx: 3, fill: '#ffffff', stroke: LINES }),
    text(inner.x, box.y + 18, shorten(title, inner.width), { fill: INK, 'font-size': 12 }),
    ...(panel.type === 'stat'
      ? drawFigure(panel, answers, inner)
      : drawGraph(panel, answers, inner, span)),
  ];
}

function isRow(panel: Panel | RowPanel): panel is RowPanel {
  return panel.type === 'row';
}
