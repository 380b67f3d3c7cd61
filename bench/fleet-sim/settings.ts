import type { Spread } from './random.ts';

/** How a fleet is set up; what the chart's values decide, and what the cluster brings along. */
export interface FleetSettings {
  readonly autoscaling: Autoscaling;
  readonly workers: Workers;
  readonly cluster: Cluster;
}

/** KEDA's ScaledObject on visible + in-flight messages, and the HPA that it makes. Times in seconds. */
export interface Autoscaling {
  /** Messages for each pod that the autoscaler aims at. */
  readonly queueLength: number;
  readonly minPods: number;
  readonly maxPods: number;
  /** How often KEDA itself looks: for the way from no pod to one, and for the cache. */
  readonly pollingS: number;
  /** Whether the HPA is served what KEDA saw at its last look (`useCachedMetrics`). */
  readonly isCached: boolean;
  /** How long the queue must be empty until the last pod goes, with no pods as the minimum. */
  readonly cooldownS: number;
  readonly scaleUp: ScalingRules;
  readonly scaleDown: ScalingRules;
}

/** `behavior.scaleUp` or `.scaleDown` of an HPA; the policy that allows most is taken. */
export interface ScalingRules {
  readonly stabilizationS: number;
  readonly policies: readonly ScalingPolicy[];
}

/** So many pods, or so many percent of them, in a period. */
export interface ScalingPolicy {
  readonly type: 'Pods' | 'Percent';
  readonly value: number;
  readonly periodS: number;
}

/** One worker process, as measured (bench/results). */
export interface Workers {
  /** MAX_CONCURRENT_ROOMS. */
  readonly roomsPerPod: number;
  /** JOINS_AT_A_TIME. */
  readonly joinsAtATime: number;
  /** From receipt to joined. */
  readonly joinS: Spread;
  /** From the old bot's eviction until the new one listens. */
  readonly handoverGapS: Spread;
  /** DRAIN_TIMEOUT_MS. */
  readonly drainS: number;
}

/** Where pods run. Its times are assumptions: nothing of ours decides them. */
export interface Cluster {
  /** From a place on a node, image there, to ready. */
  readonly podStartS: Spread;
  /** From an unschedulable pod to a node that takes it, image pulled. */
  readonly nodeStartS: Spread;
  readonly podsPerNode: number;
  /** Nodes kept empty for what comes next. */
  readonly spareNodes: number;
  /** How long a node's place stays unused until it is given back. */
  readonly nodeIdleS: number;
  /** How stale SQS's counters may be; the look at one is of a moment up to so long ago. */
  readonly counterLagS: number;
}

/** What the HPA does where nothing is configured (HorizontalPodAutoscaler v2 API). */
export const HPA_SCALE_UP: ScalingRules = {
  stabilizationS: 0,
  policies: [
    { type: 'Percent', value: 100, periodS: 15 },
    { type: 'Pods', value: 4, periodS: 15 },
  ],
};

/** What is proposed for the chart, for pods of ten rooms. */
export const PROPOSED: FleetSettings = {
  autoscaling: {
    // Three quarters of the rooms per pod; KEDA takes whole numbers.
    queueLength: 7,
    minPods: 2,
    maxPods: 2_000,
    pollingS: 30,
    isCached: false,
    cooldownS: 300,
    scaleUp: {
      stabilizationS: 0,
      policies: [
        { type: 'Percent', value: 400, periodS: 15 },
        { type: 'Pods', value: 50, periodS: 15 },
      ],
    },
    scaleDown: {
      stabilizationS: 600,
      policies: [
        { type: 'Pods', value: 1, periodS: 60 },
        { type: 'Percent', value: 5, periodS: 60 },
      ],
    },
  },
  workers: {
    roomsPerPod: 10,
    joinsAtATime: 8,
    // bench/results/text-density.json: 100 rooms, 8 outstanding.
    joinS: { p50: 0.352, p95: 0.517 },
    // bench/results/takeover.json: handover.
    handoverGapS: { p50: 0.077, p95: 0.137 },
    drainS: 60,
  },
  cluster: {
    podStartS: { p50: 8, p95: 20 },
    nodeStartS: { p50: 75, p95: 150 },
    podsPerNode: 8,
    spareNodes: 2,
    nodeIdleS: 600,
    counterLagS: 60,
  },
};
