import type { Autoscaling, ScalingPolicy, ScalingRules } from './settings.ts';

/** How many pods there are to be, decided as KEDA and the HPA do. */
export interface Autoscaler {
  /** The HPA's sync: `messages` as it is told, `pods` as there are now. Never from or to none. */
  sync(nowS: number, messages: number, pods: number): number;
  /** KEDA's own look: the way from no pod to one, and back after the cool-down. */
  poll(nowS: number, messages: number, pods: number): number;
}

/** `--horizontal-pod-autoscaler-sync-period` of the controller manager, in seconds. */
export const SYNC_S = 15;
/** `--horizontal-pod-autoscaler-tolerance`: within it nothing is changed. */
const TOLERANCE = 0.1;

/** An autoscaler that remembers what it recommended and what it changed. */
export function makeAutoscaler(settings: Autoscaling): Autoscaler {
  const { queueLength, minPods, maxPods, scaleUp, scaleDown, cooldownS } = settings;
  const window = Math.max(scaleUp.stabilizationS, scaleDown.stabilizationS);
  let recommended: readonly Moment[] = [];
  let changes: readonly Moment[] = [];
  let busyAtS = 0;

  function recommend(messages: number, pods: number): number {
    const ratio = messages / (queueLength * pods);
    // As in the HPA's replica calculator, which then leaves things as they are.
    const wanted = Math.abs(ratio - 1) <= TOLERANCE ? pods : Math.ceil(messages / queueLength);
    return Math.min(maxPods, Math.max(1, minPods, wanted));
  }

  /** The safest of what was recommended lately: to grow the least, to shrink the most. */
  function stabilize(nowS: number, wanted: number, pods: number): number {
    recommended = [...recommended.filter(since(nowS - window)), { atS: nowS, value: wanted }];
    const within = ({ stabilizationS }: ScalingRules): readonly number[] =>
      recommended.filter(since(nowS - stabilizationS)).map(({ value }) => value);
    const up = Math.min(wanted, ...within(scaleUp));
    const down = Math.max(wanted, ...within(scaleDown));
    return Math.min(Math.max(pods, up), down);
  }

  /** What was added within a period, or with -1 removed. */
  function changed(nowS: number, sign: 1 | -1, { periodS }: ScalingPolicy): number {
    return changes
      .filter(since(nowS - periodS))
      .reduce((sum, { value }) => sum + Math.max(0, sign * value), 0);
  }

  function limit(nowS: number, wanted: number, pods: number): number {
    if (wanted > pods) {
      const most = scaleUp.policies.map((policy) => grown(pods - changed(nowS, 1, policy), policy));
      return Math.min(wanted, Math.max(pods, ...most));
    }
    const least = scaleDown.policies.map((policy) =>
      shrunk(pods + changed(nowS, -1, policy), policy),
    );
    return Math.max(wanted, Math.min(pods, ...least));
  }

  return {
    sync(nowS, messages, pods) {
      if (pods === 0) return 0;
      const wanted = stabilize(nowS, recommend(messages, pods), pods);
      const next = limit(nowS, wanted, pods);
      changes = [
        ...changes.filter(since(nowS - LONGEST_PERIOD_S)),
        { atS: nowS, value: next - pods },
      ];
      return next;
    },
    poll(nowS, messages, pods) {
      if (messages > 0) busyAtS = nowS;
      if (messages > 0 && pods === 0) return 1;
      return minPods === 0 && nowS - busyAtS > cooldownS ? 0 : pods;
    },
  };
}

interface Moment {
  readonly atS: number;
  readonly value: number;
}

/** The longest period of a policy that the API allows. */
const LONGEST_PERIOD_S = 1_800;

function since(fromS: number): (moment: Moment) => boolean {
  return ({ atS }) => atS > fromS;
}

function grown(pods: number, { type, value }: ScalingPolicy): number {
  return type === 'Pods' ? pods + value : Math.ceil(pods * (1 + value / 100));
}

function shrunk(pods: number, { type, value }: ScalingPolicy): number {
  return type === 'Pods' ? pods - value : Math.floor(pods * (1 - value / 100));
}
