/**
 * Once per release: asks a real Kubernetes API server, which knows KEDA's and the Prometheus operator's
 * kinds, to take what the chart makes of every set of values.
 *
 *     npm run release:chart
 *
 * Strict: an unknown or doubled field is refused. It needs Go, and builds the server once, which takes
 * a quarter of an hour on two cores.
 */
import { execFile } from 'node:child_process';
import { glob } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { findTool } from '../tools/tools.ts';
import { openApiServer } from './api-server.ts';
import type { ApiServer } from './api-server.ts';
import { CUSTOM_RESOURCES, readDefinition } from './custom-resources.ts';

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

await using server = await openApiServer();
for (const resource of CUSTOM_RESOURCES) await define(server, await readDefinition(resource));

let refused = 0;
for (const file of (await Array.fromAsync(glob('test/chart/values/*.yaml'))).sort()) {
  const set = basename(file, '.yaml');
  const namespace = `chart-${set}`;
  await create(server, '/api/v1/namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace },
  });
  for (const manifest of await render(file)) {
    const path = `${await collectionOf(server, manifest, namespace)}?fieldValidation=Strict`;
    const { status, body } = await server.call('POST', path, manifest);
    if (status !== 201) refused += 1;
    const verdict = status === 201 ? 'taken' : `${status} ${body.message}`;
    console.log(`${set}: ${manifest.kind} ${manifest.metadata.name}: ${verdict}`);
  }
}
const { body: version } = await server.call('GET', '/version');
console.log(`Kubernetes ${String(version['gitVersion'])} refused ${refused} objects`);
process.exitCode = refused === 0 ? 0 : 1;

async function render(values: string): Promise<readonly Manifest[]> {
  const helm = await findTool('helm');
  const args = ['template', 'demo', 'helm/troupe', '--values', values];
  const { stdout } = await promisify(execFile)(helm, args, { maxBuffer: 2 ** 24 });
  return parseAllDocuments(stdout)
    .map((document) => document.toJS() as Manifest | null)
    .filter((manifest) => manifest !== null);
}

/** Where objects of this kind are created, as the server itself tells it. */
async function collectionOf(
  { call }: ApiServer,
  { apiVersion, kind }: Manifest,
  namespace: string,
): Promise<string> {
  const base = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const { body } = await call('GET', base);
  const resources = body['resources'] as readonly {
    readonly kind: string;
    readonly name: string;
  }[];
  const found = resources?.find((one) => one.kind === kind && !one.name.includes('/'));
  if (found === undefined) throw new Error(`the server knows no ${kind} of ${apiVersion}`);
  return `${base}/namespaces/${namespace}/${found.name}`;
}

/** Makes a kind known, and waits until it is served. */
async function define(
  api: ApiServer,
  definition: Awaited<ReturnType<typeof readDefinition>>,
): Promise<void> {
  await create(api, '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', definition);
  const { group, names, versions } = definition.spec;
  const path = `/apis/${group}/${versions[0]?.name}/${names.plural}`;
  const giveUpAt = performance.now() + 30_000;
  while ((await api.call('GET', path)).status !== 200) {
    if (performance.now() > giveUpAt) throw new Error(`${names.kind} is not served after 30 s`);
    await sleep(100);
  }
}

async function create({ call }: ApiServer, path: string, object: unknown): Promise<void> {
  const { status, body } = await call('POST', path, object);
  if (status !== 201) throw new Error(`${path}: ${status} ${body.message}`);
}
