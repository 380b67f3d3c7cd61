import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseAllDocuments, stringify } from 'yaml';
import { findTool } from '../../dev/tools/tools.ts';

/** Where the chart is. */
export const CHART = 'helm/troupe';

/** Sets of values that stand for the ways in which it is installed. */
export const VALUE_SETS = ['minimal', 'irsa', 'keys', 'no-keda', 'everything'] as const;
export type ValueSet = (typeof VALUE_SETS)[number];

/** A Kubernetes object as Helm would send it; what is in it depends on its kind. */
export interface KubernetesObject {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly labels?: Record<string, string>;
    readonly annotations?: Record<string, string>;
  };
  // oxlint-disable-next-line typescript/no-explicit-any -- the schemas say what is in there
  readonly [field: string]: any;
}

/** What the chart makes of a set of values, with `changes` on top of it; the same is rendered once. */
export async function render(set: ValueSet, changes: object = {}): Promise<KubernetesObject[]> {
  const key = `${set} ${JSON.stringify(changes)}`;
  const rendering = rendered.get(key) ?? renderAnew(set, changes);
  rendered.set(key, rendering);
  return await rendering;
}

const rendered = new Map<string, Promise<KubernetesObject[]>>();

async function renderAnew(set: ValueSet, changes: object): Promise<KubernetesObject[]> {
  const text = await runHelm(['template', 'demo', CHART], set, changes);
  return parseAllDocuments(text).flatMap((document) => {
    const object: unknown = document.toJS();
    return object === null ? [] : [object as KubernetesObject];
  });
}

/** Helm's own text of it. */
export async function renderText(set: ValueSet): Promise<string> {
  return await runHelm(['template', 'demo', CHART], set, {});
}

/** What `helm lint` says, where a warning counts as an error. */
export async function lint(set: ValueSet): Promise<string> {
  return await runHelm(['lint', '--strict', CHART], set, {});
}

/** The only object of a kind, or the one of that name. */
export function find(objects: readonly KubernetesObject[], kind: string, name?: string) {
  const found = objects.filter(
    (one) => one.kind === kind && (name === undefined || one.metadata.name === name),
  );
  const [only] = found;
  if (only === undefined || found.length > 1)
    throw new Error(`${found.length} objects are ${kind}`);
  return only;
}

async function runHelm(args: readonly string[], set: ValueSet, changes: object): Promise<string> {
  const helm = await findTool('helm');
  const folder = await mkdtemp(join(tmpdir(), 'troupe-chart-'));
  try {
    const changed = join(folder, 'changes.yaml');
    await writeFile(changed, stringify(changes));
    const values = ['--values', `test/chart/values/${set}.yaml`, '--values', changed];
    const { stdout } = await promisify(execFile)(helm, [...args, ...values], {
      env: { ...process.env, HELM_CACHE_HOME: folder, HELM_CONFIG_HOME: folder },
      maxBuffer: 2 ** 24,
      timeout: 60_000,
    });
    return stdout;
  } finally {
    await rm(folder, { recursive: true });
  }
}
