import { beforeAll, describe, expect, it } from 'vitest';
import { findTool } from '../../dev/tools/tools.ts';
import { variables } from '../../src/variables.ts';
import { find, render } from './render.ts';

beforeAll(async () => void (await findTool('helm')), 1_200_000);

async function workerOf(...of: Parameters<typeof render>) {
  const objects = (await render(...of)).filter(({ metadata }) => !/gateway/.test(metadata.name));
  return find(objects, 'Deployment')['spec'].template.spec;
}

const byName = ({ name }: { readonly name: string }): boolean => name === 'recordings';
const DIRECTORY = { config: { RECORDINGS_DIR: '/recordings' } };

it('gives workers no volume for recordings where none are made', async () => {
  const { containers, volumes } = await workerOf('minimal');
  expect([...containers[0].volumeMounts, ...volumes].filter(byName)).toEqual([]);
});

describe('recordings', () => {
  it('are on the pod’s own disk', async () => {
    const { containers, volumes, securityContext } = await workerOf('minimal', DIRECTORY);
    expect(containers[0].volumeMounts).toContainEqual({
      name: 'recordings',
      mountPath: '/recordings',
    });
    expect(volumes.find(byName).emptyDir).toBeDefined();
    expect(securityContext).not.toHaveProperty('fsGroup');
  });

  it.each([
    ['by default', {}],
    [
      'with other sizes',
      { RECORDINGS_KEEP_MB: 250, RECORDING_MAX_MB: 7, MAX_CONCURRENT_ROOMS: 40 },
    ],
  ])('find room there for all that is kept and what each room may add (%s)', async (_, config) => {
    const changes = { config: { ...DIRECTORY.config, ...config } };
    const { volumes } = await workerOf('minimal', changes);
    const set: Readonly<Record<string, number>> = config;
    const [keep, most, rooms] = (
      ['RECORDINGS_KEEP_MB', 'RECORDING_MAX_MB', 'MAX_CONCURRENT_ROOMS'] as const
    ).map((name) => set[name] ?? variables[name].schema.parse(undefined));
    expect(volumes.find(byName).emptyDir.sizeLimit).toBe(`${keep! + most! * rooms!}M`);
  });

  it('are in a claim that is named, which the pods’ user may write', async () => {
    const { containers, volumes, securityContext } = await workerOf('everything');
    expect(containers[0].volumeMounts).toContainEqual({
      name: 'recordings',
      mountPath: '/recordings',
    });
    expect(volumes.find(byName)).toEqual({
      name: 'recordings',
      persistentVolumeClaim: { claimName: 'recordings' },
    });
    expect(securityContext.fsGroup).toBe(securityContext.runAsUser);
  });

  it.each([
    ['/data', true],
    ['/data/', true],
    ['/data/recordings', true],
    ['/dat', false],
    ['/data/recordings/old', false],
  ])('are in a volume of extraVolumeMounts at %s: %s', async (mountPath, isThere) => {
    const { containers } = await workerOf('minimal', {
      config: { RECORDINGS_DIR: '/data/recordings' },
      extraVolumes: [{ name: 'data', emptyDir: {} }],
      extraVolumeMounts: [{ name: 'data', mountPath }],
    });
    expect(containers[0].volumeMounts.some(byName)).toBe(!isThere);
  });
});
