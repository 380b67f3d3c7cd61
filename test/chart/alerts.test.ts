import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { findTool } from '../../dev/tools/tools.ts';
import { METRICS } from '../../src/ops/metric-table.ts';
import { CHART } from './render.ts';

// The tool may have to be fetched or built first.
vi.setConfig({ testTimeout: 1_200_000, hookTimeout: 1_200_000 });

let promtool = '';
let files: readonly string[] = [];
beforeAll(async () => {
  promtool = await findTool('promtool');
  files = (await Array.fromAsync(glob(`${CHART}/alerts/*.yaml`))).sort();
});

describe('the alert rules', () => {
  it('are rules that Prometheus takes', async () => {
    expect(files.length).toBeGreaterThanOrEqual(3);
    const { stdout } = await run(['check', 'rules', '--lint=all', ...files]);
    expect(stdout.match(/SUCCESS: [1-9]\d* rules found/g)).toHaveLength(files.length);
  });

  it('fire at what they are for, and stay silent at what they are not', async () => {
    const { stdout } = await run(['test', 'rules', ...RULE_TESTS]);
    expect(stdout.match(/SUCCESS/g)).toHaveLength(RULE_TESTS.length);
    const tested = RULE_TESTS.map((path) => readFileSync(path, 'utf8')).join('\n');
    const untested = alerts().filter(({ alert }) => !tested.includes(`alertname: ${alert}\n`));
    expect(untested).toEqual([]);
  });

  it('ask only for metrics that there are', () => {
    const known = new Set(Object.keys(METRICS).flatMap(seriesOf));
    const asked = rules().flatMap(({ expr }) => expr.match(/\btroupe_\w+/g) ?? []);
    expect(asked.length).toBeGreaterThan(20);
    expect(asked.filter((name) => !known.has(name))).toEqual([]);
  });

  it('lead each to a section of the runbook that says what it means, where to look, what to do', () => {
    const runbook = readFileSync('docs/runbook.md', 'utf8');
    for (const { alert, annotations } of alerts()) {
      expect(annotations.runbook_url).toBe(`docs/runbook.md#${alert.toLowerCase()}`);
      const section = runbook.split(/^### /m).find((part) => part.startsWith(`${alert}\n`)) ?? '';
      expect(section, alert).toMatch(/\*\*Means\*\*[^]*\*\*Look\*\*[^]*\*\*Act\*\*/);
    }
  });
});

const RULE_TESTS = ['alerts', 'availability'].map((name) => `test/chart/rules/${name}.test.yaml`);

interface Rule {
  readonly alert?: string;
  readonly expr: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

function rules(): readonly Rule[] {
  return files.flatMap((path) => {
    const { groups } = parse(readFileSync(path, 'utf8')) as {
      groups: readonly { readonly rules: readonly Rule[] }[];
    };
    return groups.flatMap((group) => group.rules);
  });
}

function alerts() {
  return rules().flatMap(({ alert, annotations = {} }) =>
    alert === undefined ? [] : [{ alert, annotations }],
  );
}

/** The series of a metric, as its type makes them. */
function seriesOf(name: string): readonly string[] {
  const { type } = METRICS[name as keyof typeof METRICS];
  return type === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => name + end) : [name];
}

async function run(args: readonly string[]) {
  return await promisify(execFile)(promtool, [...args], { timeout: 300_000 });
}
