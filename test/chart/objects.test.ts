import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { findTool } from '../../dev/tools/tools.ts';
import { find, render, VALUE_SETS } from './render.ts';
import type { KubernetesObject } from './render.ts';

beforeAll(async () => void (await findTool('helm')), 1_200_000);

const podsOf = (objects: readonly KubernetesObject[]) =>
  objects
    .filter(({ kind }) => kind === 'Deployment' || kind === 'Job')
    .map((object) => object['spec'].template.spec);

describe('every pod', () => {
  it.each(VALUE_SETS)('is locked down (%s)', async (set) => {
    for (const pod of podsOf(await render(set))) {
      expect(pod.securityContext).toMatchObject({
        runAsNonRoot: true,
        runAsUser: 1000,
        seccompProfile: { type: 'RuntimeDefault' },
      });
      expect(pod.automountServiceAccountToken).toBe(false);
      for (const container of [...pod.containers, ...(pod.initContainers ?? [])]) {
        expect(container.securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        });
        expect(container.resources.requests).toMatchObject({
          cpu: expect.anything(),
          memory: expect.anything(),
        });
        expect(container.resources.limits.memory).toBeTruthy();
      }
    }
  });

  it('runs as the user whose compile cache the image has', async () => {
    expect(await readFile('Dockerfile', 'utf8')).toContain('\nUSER 1000:1000\n');
  });
});

describe('keys', () => {
  it('are in the Secret alone', async () => {
    const objects = await render('everything');
    const { stringData } = find(objects, 'Secret', 'stage');
    expect(Object.keys(stringData)).toContain('GATEWAY_API_KEYS');
    const others = JSON.stringify(objects.filter(({ kind }) => kind !== 'Secret'));
    for (const value of Object.values(stringData)) expect(others).not.toContain(value);
  });

  it('come from the Secret that exists, where one is named', async () => {
    const objects = await render('minimal');
    expect(objects.map(({ kind }) => kind)).not.toContain('Secret');
    const [pod] = podsOf(objects);
    expect(pod.containers[0].envFrom).toContainEqual({ secretRef: { name: 'troupe-keys' } });
  });

  it('may come from files that something else mounts, without any Secret', async () => {
    const files = Object.fromEntries(
      ['LIVEKIT_API_KEY', 'LIVEKIT_API_SECRET', 'SUPABASE_SERVICE_ROLE', 'OPENAI_API_KEY'].map(
        (name) => [`${name}_FILE`, `/keys/${name}`],
      ),
    );
    const objects = await render('minimal', { existingSecret: '', config: files });
    expect(objects.map(({ kind }) => kind)).not.toContain('Secret');
    const [container] = podsOf(objects)[0].containers;
    expect(container.envFrom).toEqual([{ configMapRef: { name: 'demo-troupe' } }]);
  });

  it('of the providers stay away from the gateway', async () => {
    const gateway = find(await render('everything'), 'Deployment', 'stage-gateway');
    const [container] = gateway['spec'].template.spec.containers;
    expect(container.envFrom).toEqual([{ configMapRef: { name: 'stage' } }]);
    expect(JSON.stringify(container.env)).not.toMatch(/OPENAI|GLADIA|CARTESIA/);
  });

  it('that change start the pods anew', async () => {
    const checksum = async (changes: object) =>
      find(await render('keys', changes), 'Deployment')['spec'].template.metadata.annotations[
        'checksum/config'
      ];
    const before = await checksum({});
    expect(await checksum({})).toBe(before);
    expect(await checksum({ secret: { OPENROUTER_API_KEY: 'another' } })).not.toBe(before);
    expect(await checksum({ config: { LLM_MODEL: 'another' } })).not.toBe(before);
  });
});

describe('a worker', () => {
  const worker = async (changes: object = {}) =>
    find(await render('minimal', changes), 'Deployment')['spec'];

  it.each([
    [undefined, 90],
    [0, 30],
    [90_500, 121],
  ])('that drains for %s ms gets %d s to end', async (drain, seconds) => {
    const { template } = await worker({ config: { DRAIN_TIMEOUT_MS: drain } });
    expect(template.spec.terminationGracePeriodSeconds).toBe(seconds);
  });

  it('is replaced by one that is ready, never before', async () => {
    expect((await worker()).strategy.rollingUpdate).toEqual({ maxSurge: '25%', maxUnavailable: 0 });
  });

  it('is probed where it listens', async () => {
    const [container] = (await worker({ config: { HTTP_PORT: 9000 } })).template.spec.containers;
    expect(container.ports).toEqual([{ name: 'http', containerPort: 9000 }]);
    const { startupProbe, livenessProbe, readinessProbe } = container;
    const gets = [startupProbe, livenessProbe, readinessProbe].map(({ httpGet }) => httpGet);
    const live = { path: '/livez', port: 'http' };
    expect(gets).toEqual([live, live, { path: '/readyz', port: 'http' }]);
  });

  it('has its pod’s name in leases and logs', async () => {
    const [container] = (await worker()).template.spec.containers;
    expect(container.env).toContainEqual({
      name: 'WORKER_NAME',
      valueFrom: { fieldRef: { fieldPath: 'metadata.name' } },
    });
  });

  it('reads large and small numbers as they were written', async () => {
    const { data } = find(await render('everything'), 'ConfigMap', 'stage');
    expect(data).toMatchObject({
      RECYCLE_AFTER_ROOMS: '1000000',
      DRAIN_TIMEOUT_MS: '86400000',
      VAD_THRESHOLD: '0.5',
      AUDIO_ENABLED: 'true',
    });
  });
});

it.each(['worker', 'gateway'])('selects the %s’s pods alone, with every selector', async (part) => {
  const objects = await render('everything');
  const labels = (name: string) =>
    find(objects, 'Deployment', name)['spec'].template.metadata.labels;
  const other = part === 'worker' ? 'gateway' : 'worker';
  const spec = (kind: string) => find(objects, kind, `stage-${part}`)['spec'];
  const selectors: Readonly<Record<string, Record<string, string>>> = {
    Deployment: spec('Deployment').selector.matchLabels,
    Service: spec('Service').selector,
    NetworkPolicy: spec('NetworkPolicy').podSelector.matchLabels,
    PodDisruptionBudget: spec('PodDisruptionBudget').selector.matchLabels,
  };
  for (const [kind, selector] of Object.entries(selectors)) {
    expect(labels(`stage-${part}`), kind).toMatchObject(selector);
    expect(labels(`stage-${other}`), kind).not.toMatchObject(selector);
  }
});

it('migrates before pods of the new release start, with the SQL of their image', async () => {
  const job = find(await render('everything'), 'Job');
  expect(job.metadata.annotations).toMatchObject({ 'helm.sh/hook': 'pre-install,pre-upgrade' });
  const { initContainers, containers } = job['spec'].template.spec;
  expect(initContainers[0].image).toBe('registry.example.com/troupe:1.2.3');
  expect(initContainers[0].command).toContain('/app/supabase/migrations/.');
  expect(containers[0].args).toEqual([
    `${(await readFile('helm/troupe/files/migrate.sh', 'utf8')).trim()}\n`,
  ]);
});
