import { readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { findTool } from '../../dev/tools/tools.ts';
import { CHART, find, render } from './render.ts';

beforeAll(async () => void (await findTool('helm')), 1_200_000);

const RULES = { monitoring: { rules: { enabled: true } } };

describe('what it ships', () => {
  it('is every alert file as it is', async () => {
    const objects = await render('minimal', RULES);
    const files = (await readdir(`${CHART}/alerts`)).filter((file) => file.endsWith('.yaml'));
    expect(files).not.toEqual([]);
    for (const file of files) {
      const { spec } = find(objects, 'PrometheusRule', `demo-troupe-${basename(file, '.yaml')}`);
      expect(spec).toEqual(parse(await readFile(`${CHART}/alerts/${file}`, 'utf8')));
    }
  });

  it('is every dashboard as it is', async () => {
    const objects = await render('everything');
    const files = (await readdir(`${CHART}/dashboards`)).filter((file) => file.endsWith('.json'));
    expect(files).not.toEqual([]);
    for (const file of files) {
      const { data } = find(objects, 'ConfigMap', `stage-dashboard-${basename(file, '.json')}`);
      const shipped = JSON.parse(data[file]);
      expect(shipped).toEqual(JSON.parse(await readFile(`${CHART}/dashboards/${file}`, 'utf8')));
    }
  });
});

it('leads each alert to its section of the runbook, where that is shown', async () => {
  const runbooks = async (...of: Parameters<typeof render>): Promise<ReadonlyMap<string, string>> =>
    new Map(
      (await render(...of))
        .filter(({ kind }) => kind === 'PrometheusRule')
        .flatMap(({ spec }) => spec.groups)
        .flatMap(({ rules }) => rules)
        .filter(({ alert }) => alert !== undefined)
        .map(({ alert, annotations }) => [alert, annotations.runbook_url]),
    );
  const asTheyAre = await runbooks('minimal', RULES);
  const links = await runbooks('everything');
  expect(links.size).toBeGreaterThan(15);
  expect(asTheyAre.size).toBe(links.size);
  const base = 'https://git.example.com/troupe/blob/main/';
  for (const [alert, path] of asTheyAre) {
    expect(links.get(alert)).toBe(base + path);
    expect(new URL(links.get(alert) ?? '').hash).toBe(`#${alert.toLowerCase()}`);
  }
});

describe('it scrapes', () => {
  it.each(['worker', 'gateway'])('the %s by a Service of it alone', async (part) => {
    const objects = await render('everything');
    const { spec } = find(objects, 'ServiceMonitor', `stage-${part}`);
    const labels = (name: string) => find(objects, 'Service', name).metadata.labels;
    const other = part === 'worker' ? 'gateway' : 'worker';
    expect(labels(`stage-${part}`)).toMatchObject(spec.selector.matchLabels);
    expect(labels(`stage-${other}`)).not.toMatchObject(spec.selector.matchLabels);
    const ports = find(objects, 'Service', `stage-${part}`)['spec'].ports;
    expect(ports).toEqual([expect.objectContaining({ name: spec.endpoints[0].port })]);
  });

  it('workers under the name that alerts and dashboards ask for', async () => {
    const monitor = find(await render('everything'), 'ServiceMonitor', 'stage-worker');
    expect(monitor['spec'].endpoints).toEqual([
      {
        port: 'http',
        path: '/metrics',
        interval: '30s',
        relabelings: [{ targetLabel: 'job', replacement: 'troupe-worker' }],
      },
    ]);
  });

  it('the gateway with a key of its API, which stays in its Secret', async () => {
    const monitor = find(await render('everything'), 'ServiceMonitor', 'stage-gateway');
    expect(monitor['spec'].endpoints).toEqual([
      {
        port: 'http',
        path: '/metrics',
        interval: '30s',
        authorization: { credentials: { name: 'scraping', key: 'ITS_KEY' } },
        relabelings: [{ targetLabel: 'job', replacement: 'troupe-gateway' }],
      },
    ]);
  });

  it.each([
    ['there is none', { gateway: { enabled: false } }],
    ['it has no key', { monitoring: { serviceMonitor: { gatewayKeySecret: { name: '' } } } }],
  ])('workers alone where %s', async (_what, changes) => {
    const objects = await render('everything', changes);
    expect(find(objects, 'ServiceMonitor').metadata.name).toBe('stage-worker');
  });
});
