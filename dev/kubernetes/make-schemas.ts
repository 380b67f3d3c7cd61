/**
 * Writes the JSON schemas against which the chart is checked into test/chart/schemas, from packages:
 *
 *     node dev/kubernetes/make-schemas.ts
 *
 * Run it for another version of Kubernetes, KEDA or the Prometheus operator, or another kind of object.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CUSTOM_RESOURCES, readDefinition } from './custom-resources.ts';
import { strictSchemaOf } from './strict-schema.ts';
import type { Schema } from './strict-schema.ts';
import { standAlone } from './stand-alone.ts';

/** The PyPI package that carries Kubernetes' own schemas, made from its OpenAPI description. */
const WHEEL = 'kubernetes-validate==1.37.0';
const FOLDER = 'kubernetes_validate/kubernetes-json-schema/v1.37.0-local-strict';
/** As the package names them; kubeconform asks for the same names. */
const KINDS = [
  'configmap-v1',
  'deployment-apps-v1',
  'job-batch-v1',
  'networkpolicy-networking-v1',
  'poddisruptionbudget-policy-v1',
  'secret-v1',
  'service-v1',
  'serviceaccount-v1',
];
const TARGET = join(import.meta.dirname, '../../test/chart/schemas');

async function fromKubernetes(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'troupe-schemas-'));
  const python = async (...args: readonly string[]): Promise<unknown> =>
    await promisify(execFile)('python3', ['-m', ...args], { cwd: folder });
  try {
    await python('pip', 'download', '-q', '--no-deps', '--only-binary=:all:', WHEEL);
    const [name, version] = WHEEL.replaceAll('-', '_').split('==');
    await python('zipfile', '-e', `${name}-${version}-py3-none-any.whl`, '.');
    const read = async (file: string): Promise<Schema> =>
      JSON.parse(await readFile(join(folder, FOLDER, `${file}.json`), 'utf8')) as Schema;
    const definitions = (await read('_definitions'))['$defs'] as Readonly<Record<string, Schema>>;
    for (const kind of KINDS) await write(kind, standAlone(await read(kind), definitions));
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function fromDefinitions(): Promise<void> {
  for (const resource of CUSTOM_RESOURCES) {
    const { spec } = await readDefinition(resource);
    for (const { name, schema } of spec.versions) {
      const group = spec.group.split('.')[0];
      const file = `${spec.names.kind.toLowerCase()}-${group}-${name}`;
      await write(file, strictSchemaOf(schema.openAPIV3Schema));
    }
  }
}

async function write(name: string, schema: Schema): Promise<void> {
  await writeFile(join(TARGET, `${name}.json`), `${JSON.stringify(schema)}\n`);
}

await fromKubernetes();
await fromDefinitions();
