import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueJustifyMode,
  BigValueTextMode,
  FieldColorModeId,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  PercentChangeColorMode,
  SortOrder,
  StackingMode,
  ThresholdsMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizOrientation,
} from '@grafana/schema';
import type {
  DashboardLink,
  FieldConfig,
  GraphFieldConfig,
  Panel as GrafanaPanel,
  RowPanel,
  SingleStatBaseOptions,
  Threshold,
} from '@grafana/schema';
import type { AlertLine, Panel, Row } from './board.ts';
import { SOURCE } from './grafana-source.ts';

/** Every row's heading and panels, from left to right and from the top down on Grafana's grid. */
export function layOut(rows: readonly Row[]): readonly (GrafanaPanel | RowPanel)[] {
  const laid: (GrafanaPanel | RowPanel)[] = [];
  let top = 0;
  for (const { title, panels } of rows) {
    const gridPos = { x: 0, y: top, w: COLUMNS, h: 1 };
    laid.push({ id: laid.length + 1, type: 'row', title, collapsed: false, gridPos, panels: [] });
    top += 1;
    let [left, height] = [0, 0];
    for (const panel of panels) {
      const size = sizeOf(panel);
      if (left + size.w > COLUMNS) [top, left, height] = [top + height, 0, 0];
      const place = { id: laid.length + 1, gridPos: { x: left, y: top, ...size } };
      laid.push({ ...place, ...toPanel(panel) });
      [left, height] = [left + size.w, Math.max(height, size.h)];
    }
    top += height;
  }
  return laid;
}

const COLUMNS = 24;

function sizeOf({ as, width }: Panel): { readonly w: number; readonly h: number } {
  return as === 'graph' ? { w: width ?? 8, h: 8 } : { w: width ?? 4, h: 4 };
}

function toPanel(panel: Panel): GrafanaPanel {
  const isGraph = panel.as === 'graph';
  return {
    type: isGraph ? 'timeseries' : 'stat',
    title: panel.title,
    description: panel.about,
    datasource: SOURCE,
    targets: panel.queries.map(({ expr, legend }, at) => ({
      refId: String.fromCodePoint(REF_A + at),
      datasource: SOURCE,
      expr,
      legendFormat: legend,
      range: true,
    })),
    links: linksOf(panel),
    fieldConfig: {
      defaults: { ...fieldsOf(panel), custom: isGraph ? { ...lineOf(panel) } : {} },
      overrides: [],
    },
    options: isGraph ? GRAPH : { ...FIGURE },
  };
}

const REF_A = 0x41;

/** To what the runbook says of each of the panel's alerts. */
function linksOf({ alert, alsoFor = [] }: Panel): DashboardLink[] {
  return [...new Set([...(alert === undefined ? [] : [alert.name]), ...alsoFor])].map((name) => ({
    type: 'link',
    title: `Runbook: ${name}`,
    tooltip: '',
    icon: 'doc',
    url: `\${runbook}#${name.toLowerCase()}`,
    tags: [],
    asDropdown: false,
    includeVars: false,
    keepTime: false,
    targetBlank: true,
  }));
}

function fieldsOf({ as, unit, max, alert, ifEmpty }: Panel): FieldConfig {
  const isColouredByThreshold = as === 'number' && alert !== undefined;
  return {
    unit,
    min: 0,
    ...(max !== undefined && { max }),
    ...(ifEmpty !== undefined && { noValue: ifEmpty }),
    color: {
      mode: as === 'graph' ? FieldColorModeId.PaletteClassic : FieldColorModeId.Thresholds,
    },
    thresholds: {
      mode: ThresholdsMode.Absolute,
      steps: alert === undefined ? [CALM] : stepsOf(alert, isColouredByThreshold),
    },
  };
}

const CALM: Threshold = { color: 'text', value: null };
/** Grafana colours from a threshold on, a rule strikes above it: which differs where it is nothing. */
const NEXT_TO_NOTHING = 1e-6;

function stepsOf({ above, below }: AlertLine, isNumber: boolean): Threshold[] {
  if (below !== undefined) {
    return [
      { color: 'red', value: null },
      { color: 'green', value: below },
    ];
  }
  const from = isNumber && above === 0 ? NEXT_TO_NOTHING : (above ?? 0);
  return [
    { color: 'green', value: null },
    { color: 'red', value: from },
  ];
}

function lineOf({ isStacked = false, alert }: Panel): GraphFieldConfig {
  return {
    lineWidth: 1,
    fillOpacity: isStacked ? 40 : 8,
    showPoints: VisibilityMode.Never,
    spanNulls: false,
    stacking: { mode: isStacked ? StackingMode.Normal : StackingMode.None, group: 'A' },
    thresholdsStyle: {
      mode: alert === undefined ? GraphThresholdsStyleMode.Off : GraphThresholdsStyleMode.Dashed,
    },
  };
}

const GRAPH = {
  legend: {
    displayMode: LegendDisplayMode.List,
    placement: 'bottom',
    showLegend: true,
    calcs: ['lastNotNull'],
  },
  tooltip: { mode: TooltipDisplayMode.Multi, sort: SortOrder.Descending },
};

const FIGURE: SingleStatBaseOptions & Record<string, unknown> = {
  reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
  orientation: VizOrientation.Auto,
  textMode: BigValueTextMode.Value,
  colorMode: BigValueColorMode.Value,
  graphMode: BigValueGraphMode.Area,
  justifyMode: BigValueJustifyMode.Auto,
  percentChangeColorMode: PercentChangeColorMode.Standard,
  showPercentChange: false,
  wideLayout: true,
};
