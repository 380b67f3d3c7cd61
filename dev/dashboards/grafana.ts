import { DashboardCursorSync, VariableRefresh, VariableSort } from '@grafana/schema';
import type { AnnotationQuery, Dashboard, DashboardLink, VariableModel } from '@grafana/schema';
import type { Board } from './board.ts';
import { layOut } from './grafana-panel.ts';
import { SOURCE } from './grafana-source.ts';
import { series } from './promql.ts';

/** Grafana's dashboard of a board of ours, as Grafana 13 writes it and reads it of a file. */
export function toGrafana(board: Board): Dashboard {
  return {
    uid: `troupe-${board.name}`,
    title: board.title,
    description: board.description,
    tags: [TAG],
    schemaVersion: 42,
    editable: true,
    graphTooltip: DashboardCursorSync.Crosshair,
    time: { from: 'now-1h', to: 'now' },
    refresh: '30s',
    timezone: 'browser',
    annotations: { list: [ROLL_OUTS] },
    templating: { list: variablesOf(board) },
    links: [OTHERS],
    panels: [...layOut(board.rows)],
  };
}

const TAG = 'troupe';

/** A region over the first minutes of a version. */
const ROLL_OUTS: AnnotationQuery & Record<string, unknown> = {
  name: 'Roll-outs',
  datasource: SOURCE,
  enable: true,
  iconColor: 'blue',
  expr: `count by (version) (${series('troupe_build_info')}) unless count by (version) (${series('troupe_build_info')} offset 5m)`,
  step: '30s',
  titleFormat: 'Roll-out of {{version}}',
};

/** From one of our dashboards to the others, for the same time and workers. */
const OTHERS: DashboardLink = {
  type: 'dashboards',
  title: 'Troupe',
  tooltip: '',
  icon: 'external link',
  tags: [TAG],
  asDropdown: false,
  includeVars: true,
  keepTime: true,
  targetBlank: false,
};

function variablesOf({ choosesProviders = false }: Board): VariableModel[] {
  const build = 'troupe_build_info{job="troupe-worker"';
  return [
    { name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus' },
    choice('namespace', 'Namespace', `label_values(${build}}, namespace)`),
    choice('pod', 'Worker', `label_values(${build},namespace=~"$namespace"}, pod)`),
    ...(choosesProviders ? [choice('provider', 'Provider', PROVIDERS)] : []),
    {
      name: 'runbook',
      label: 'Runbook',
      description: 'Where docs/runbook.md is shown to you',
      type: 'textbox',
      query: RUNBOOK,
      current: { text: RUNBOOK, value: RUNBOOK },
    },
  ];
}

const PROVIDERS =
  'label_values(troupe_provider_requests_total{job="troupe-worker",namespace=~"$namespace"}, provider)';
const RUNBOOK = 'docs/runbook.md';

/** Values of a label, of which one takes some, or all at first. */
function choice(name: string, label: string, definition: string): VariableModel {
  return {
    name,
    label,
    type: 'query',
    datasource: SOURCE,
    query: { query: definition, refId: name },
    refresh: VariableRefresh.onTimeRangeChanged,
    sort: VariableSort.naturalAsc,
    multi: true,
    includeAll: true,
    allValue: '.*',
    current: { text: ['All'], value: ['$__all'] },
  };
}
