import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, it } from 'vitest';
import { findTool } from '../../dev/tools/tools.ts';
import { lint, renderText, VALUE_SETS } from './render.ts';

// Each is built once where the machine has none; that takes some minutes.
beforeAll(async () => {
  await findTool('helm');
  await findTool('kubeconform');
}, 1_200_000);

/** Checks objects against the schemas beside this file; unknown fields are errors. */
async function conform(manifests: string): Promise<readonly string[]> {
  const schemas = 'test/chart/schemas/{{.ResourceKind}}{{.KindSuffix}}.json';
  const child = spawn(
    await findTool('kubeconform'),
    ['-strict', '-output', 'json', '-verbose', '-schema-location', schemas],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  child.stdin.end(manifests);
  const { resources } = JSON.parse(await text(child.stdout)) as {
    readonly resources: readonly { kind: string; name: string; status: string; msg: string }[];
  };
  expect(resources.length).toBeGreaterThan(1);
  return resources.flatMap(({ kind, name, status, msg }) =>
    status === 'statusValid' ? [] : [`${kind} ${name}: ${status} ${msg}`],
  );
}

describe.each(VALUE_SETS)('the chart with %s values', (set) => {
  it('passes helm lint', async () => {
    expect(await lint(set)).toContain('1 chart(s) linted, 0 chart(s) failed');
  });

  it('makes objects that Kubernetes, KEDA and the Prometheus operator know', async () => {
    expect(await conform(await renderText(set))).toEqual([]);
  });
});

it('would notice a field that does not exist, in their kinds as in Kubernetes’ own', async () => {
  const manifests = await renderText('minimal');
  const misspelt = manifests
    .replace('pollingInterval:', 'pollInterval:')
    .replace('readOnlyRootFilesystem:', 'readOnlyRootFileSystem:');
  expect([...(await conform(misspelt))].sort()).toEqual([
    expect.stringMatching(/^Deployment .*readOnlyRootFileSystem/),
    expect.stringMatching(/^ScaledObject .*pollInterval/),
  ]);
});
