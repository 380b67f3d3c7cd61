import { beforeAll, describe, expect, it } from 'vitest';
import { PROPOSED } from '../../bench/fleet-sim/settings.ts';
import type { ScalingPolicy, ScalingRules } from '../../bench/fleet-sim/settings.ts';
import { findTool } from '../../dev/tools/tools.ts';
import { find, render } from './render.ts';

beforeAll(async () => void (await findTool('helm')), 1_200_000);

describe('the autoscaler', () => {
  const trigger = async (changes: object) =>
    find(await render('minimal', changes), 'ScaledObject')['spec'].triggers[0].metadata;

  it.each([
    [undefined, '7'],
    [1, '1'],
    [20, '15'],
  ])('with %s rooms a pod adds pods beyond %s', async (rooms, queueLength) => {
    const metadata = await trigger({ config: { MAX_CONCURRENT_ROOMS: rooms } });
    expect(metadata).toMatchObject({ queueLength, scaleOnInFlight: 'true' });
  });

  it('is set as the simulated fleet is, and shrinks none when the queue cannot be read', async () => {
    const { spec } = find(await render('minimal'), 'ScaledObject');
    const { scaleUp, scaleDown } = spec.advanced.horizontalPodAutoscalerConfig.behavior;
    const simulated = PROPOSED.autoscaling;
    expect(rulesOf(scaleUp)).toEqual(inOrder(simulated.scaleUp));
    expect(rulesOf(scaleDown)).toEqual(inOrder(simulated.scaleDown));
    expect(spec).toMatchObject({
      minReplicaCount: simulated.minPods,
      pollingInterval: simulated.pollingS,
      fallback: { behavior: 'currentReplicasIfHigher' },
    });
    const [{ metadata, useCachedMetrics = false }] = spec.triggers;
    expect(Number(metadata.queueLength)).toBe(simulated.queueLength);
    expect(useCachedMetrics).toBe(simulated.isCached);
  });

  it('alone rules the number of pods', async () => {
    expect(find(await render('minimal'), 'Deployment')['spec']).not.toHaveProperty('replicas');
    expect(find(await render('no-keda'), 'Deployment')['spec'].replicas).toBe(3);
  });

  it.each([
    ['irsa', { podIdentity: { provider: 'aws', identityOwner: 'workload' } }],
    ['everything', { podIdentity: { provider: 'aws' } }],
    [
      'keys',
      {
        secretTargetRef: [
          { parameter: 'awsAccessKeyID', name: 'demo-troupe', key: 'AWS_ACCESS_KEY_ID' },
          { parameter: 'awsSecretAccessKey', name: 'demo-troupe', key: 'AWS_SECRET_ACCESS_KEY' },
        ],
      },
    ],
  ] as const)('may read the queue (%s)', async (set, spec) => {
    expect(find(await render(set), 'TriggerAuthentication')['spec']).toEqual(spec);
  });
});

/** A behaviour of the HPA in the words of the simulation. */
function rulesOf(behavior: {
  stabilizationWindowSeconds: number;
  policies: { type: ScalingPolicy['type']; value: number; periodSeconds: number }[];
}): ScalingRules {
  const policies = behavior.policies.map(({ type, value, periodSeconds: periodS }) => {
    return { type, value, periodS };
  });
  return inOrder({ stabilizationS: behavior.stabilizationWindowSeconds, policies });
}

/** The order of policies means nothing. */
function inOrder({ stabilizationS, policies }: ScalingRules): ScalingRules {
  return { stabilizationS, policies: policies.toSorted((a, b) => a.type.localeCompare(b.type)) };
}
