import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import type { Schema } from './strict-schema.ts';

/** A custom resource definition that a Go module carries. */
export interface CustomResource {
  readonly module: string;
  readonly file: string;
}

const KEDA = 'github.com/kedacore/keda/v2@v2.21.0';
const OPERATOR = 'github.com/prometheus-operator/prometheus-operator@v0.85.0';

/** The kinds that the chart makes and Kubernetes does not know by itself. */
export const CUSTOM_RESOURCES: readonly CustomResource[] = [
  { module: KEDA, file: 'config/crd/bases/keda.sh_scaledobjects.yaml' },
  { module: KEDA, file: 'config/crd/bases/keda.sh_triggerauthentications.yaml' },
  ...['servicemonitors', 'prometheusrules'].map((name) => ({
    module: OPERATOR,
    file: `example/prometheus-operator-crd/monitoring.coreos.com_${name}.yaml`,
  })),
];

/** What we read of a definition (apiextensions.k8s.io/v1). */
export interface ResourceDefinition {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string; readonly plural: string };
    readonly versions: readonly {
      readonly name: string;
      readonly schema: { readonly openAPIV3Schema: Schema };
    }[];
  };
}

/** Reads a definition from the Go module that carries it, fetching the module where need be. */
export async function readDefinition(resource: CustomResource): Promise<ResourceDefinition> {
  return parse(await readFile(await fileOf(resource), 'utf8')) as ResourceDefinition;
}

async function fileOf({ module, file }: CustomResource): Promise<string> {
  const { stdout } = await promisify(execFile)('go', ['mod', 'download', '-json', module], {
    timeout: 300_000,
  });
  return join((JSON.parse(stdout) as { readonly Dir: string }).Dir, file);
}
