import { execFile } from 'node:child_process';
import { glob, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import type { AlertLine } from '../../dev/dashboards/board.ts';
import { BOARDS } from '../../dev/dashboards/boards.ts';
import { toGrafana } from '../../dev/dashboards/grafana.ts';
import { withAllChosen } from '../../dev/dashboards/prometheus.ts';
import { findTool } from '../../dev/tools/tools.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { METRICS } from '../../src/ops/metric-table.ts';
import type { MetricSpec } from '../../src/ops/metric-table.ts';
import { makeMetrics } from '../../src/ops/metrics.ts';
import { CHART } from './render.ts';

const PANELS = BOARDS.flatMap(({ name, rows }) =>
  rows.flatMap(({ panels }) => panels.map((panel) => ({ ...panel, board: name }))),
);
const EXPRESSIONS = [
  ...PANELS.flatMap(({ queries }) => queries.map(({ expr }) => expr)),
  ...BOARDS.flatMap((board) => annotationsOf(toGrafana(board))),
];

it('brings the dashboards that the code describes', async () => {
  const files = await Array.fromAsync(glob(`${CHART}/dashboards/*.json`));
  const brought = await Promise.all(
    files.map(async (file) => [basename(file), JSON.parse(await readFile(file, 'utf8'))] as const),
  );
  const described = BOARDS.map((board) => [`${board.name}.json`, toGrafana(board)] as const);
  expect(Object.fromEntries(brought)).toEqual(Object.fromEntries(described));
});

it('leaves no two panels of a dashboard in one place, or with one id', () => {
  for (const board of BOARDS) {
    const panels = toGrafana(board).panels ?? [];
    const cells = panels.flatMap(({ gridPos }) => cellsOf(gridPos));
    expect(new Set(cells).size).toBe(cells.length);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  }
});

it('asks in words that Prometheus understands', async () => {
  const promtool = await findTool('promtool');
  const folder = await mkdtemp(join(tmpdir(), 'troupe-dashboards-'));
  try {
    const file = join(folder, 'rules.json');
    const rules = EXPRESSIONS.map((expr, at) => ({ record: `q:${at}`, expr: withAllChosen(expr) }));
    await writeFile(file, JSON.stringify({ groups: [{ name: 'dashboards', rules }] }));
    const { stdout } = await promisify(execFile)(promtool, ['check', 'rules', file]);
    expect(stdout).toContain(`SUCCESS: ${EXPRESSIONS.length} rules found`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 1_200_000);

it('asks only for metrics, labels and values that there are', async () => {
  const known = await knownLabels();
  const wrong = EXPRESSIONS.flatMap((expr) => strangersIn(expr, known).map((one) => [one, expr]));
  expect(wrong).toEqual([]);
});

it('draws each alert’s threshold where its rule strikes, and shows every alert', async () => {
  const rules = await alertRules();
  const lines = PANELS.flatMap(({ alert }) => alert ?? []);
  expect(lines.length).toBeGreaterThan(20);
  const drawn = lines.map(({ name, above, below }) => [name, above ?? below]);
  expect(drawn).toEqual(lines.map(({ name }) => [name, thresholdOf(rules.get(name))]));
  const shown = [...lines.map(({ name }: AlertLine) => name), ...PANELS.flatMap(alsoFor)];
  expect([...rules.keys()].filter((name) => !shown.includes(name))).toEqual([]);
  expect(shown.filter((name) => !rules.has(name))).toEqual([]);
});

function alsoFor({ alsoFor: names = [] }: (typeof PANELS)[number]): readonly string[] {
  return names;
}

function annotationsOf({ annotations }: ReturnType<typeof toGrafana>): readonly string[] {
  return (annotations?.list ?? []).map((one) => String((one as { expr?: string }).expr));
}

function cellsOf({ x, y, w, h } = { x: 0, y: 0, w: 0, h: 0 }): readonly string[] {
  return Array.from({ length: w * h }, (_, at) => `${x + (at % w)}:${y + Math.floor(at / w)}`);
}

/** What others measure, by their own documentation; and what Prometheus itself knows of a target. */
const OTHERS: Readonly<Record<string, readonly string[]>> = {
  up: [],
  // https://keda.sh/docs/latest/integrations/prometheus/
  keda_scaler_metrics_value: ['scaledObject'],
  // YACE and prometheus/cloudwatch_exporter, each with its label for the queue
  aws_sqs_approximate_number_of_messages_visible_average: ['dimension_QueueName', 'queue_name'],
  aws_sqs_approximate_number_of_messages_not_visible_average: ['dimension_QueueName', 'queue_name'],
  // kube-state-metrics, docs/metrics/workload/pod-metrics.md
  kube_pod_container_resource_limits: ['container', 'resource'],
  kube_pod_container_status_restarts_total: ['container'],
};
/** Labels that every series of a worker has from Prometheus, and those of a histogram. */
const ALWAYS = ['job', 'namespace', 'pod', 'le'];

type Known = ReadonlyMap<string, ReadonlyMap<string, readonly string[] | undefined>>;

/** Each metric's labels, and their values where they are a closed set. */
async function knownLabels(): Promise<Known> {
  const known = new Map<string, ReadonlyMap<string, readonly string[] | undefined>>();
  const exposed = await makeMetrics(systemClock, { version: '1' }).expose();
  for (const [, name = ''] of exposed.matchAll(/^# TYPE (\S+)/gmu)) known.set(name, new Map());
  known.set('troupe_build_info', new Map([['version', undefined]]));
  for (const [name, labels] of Object.entries(OTHERS)) {
    known.set(name, new Map(labels.map((label) => [label, undefined])));
  }
  for (const [name, { type, labels }] of Object.entries<MetricSpec>(METRICS)) {
    known.delete(name);
    for (const suffix of type === 'histogram' ? ['_bucket', '_count', '_sum'] : ['']) {
      known.set(`${name}${suffix}`, new Map(Object.entries(labels)));
    }
  }
  return known;
}

/** Names in a query that stand for nothing: metrics, labels of theirs, values that never come. */
function strangersIn(expr: string, known: Known): readonly string[] {
  const selectors = [...expr.matchAll(/([a-z_]\w*)\{([^}]*)\}/giu)];
  const names = selectors.map(([, name = '']) => name);
  const labels = new Set([
    ...ALWAYS,
    ...names.flatMap((name) => [...(known.get(name)?.keys() ?? [])]),
  ]);
  const grouped = [...expr.matchAll(/\bby \(([^)]*)\)/gu)].flatMap(([, list = '']) =>
    list.split(',').map((label) => label.trim()),
  );
  return [
    ...names.filter((name) => !known.has(name)),
    ...grouped.filter((label) => !labels.has(label)),
    ...selectors.flatMap(([, name = '', matchers = '']) => strangeMatchers(name, matchers, known)),
    // A metric without its selector would count other workers in.
    ...(expr.match(/\b(?:troupe|process|nodejs|kube|keda|aws)_\w+(?![\w{])/gu) ?? []),
  ];
}

function strangeMatchers(name: string, matchers: string, known: Known): readonly string[] {
  return [...matchers.matchAll(/(\w+)(?:=~|!=|=)"([^"]*)"/gu)]
    .filter(([, label = '', value = '']) => {
      if (ALWAYS.includes(label)) return false;
      const values = known.get(name)?.get(label);
      if (values === undefined) return known.get(name)?.has(label) !== true;
      return !value.startsWith('$') && !value.split('|').every((one) => values.includes(one));
    })
    .map(([matcher]) => `${name}{${matcher}}`);
}

async function alertRules(): Promise<ReadonlyMap<string, string>> {
  const rules = new Map<string, string>();
  for await (const file of glob(`${CHART}/alerts/*.yaml`)) {
    const { groups } = parse(await readFile(file, 'utf8')) as RuleFile;
    for (const { alert, expr } of groups.flatMap((group) => group.rules)) {
      if (alert !== undefined) rules.set(alert, expr);
    }
  }
  return rules;
}

interface RuleFile {
  readonly groups: readonly {
    readonly rules: readonly { readonly alert?: string; readonly expr: string }[];
  }[];
}

/** The number that the rule's first comparison is with. */
function thresholdOf(expr = ''): number {
  return Number(/[<>=] ([\d.]+)/u.exec(expr)?.[1]);
}
