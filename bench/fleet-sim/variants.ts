import { HPA_SCALE_UP, PROPOSED } from './settings.ts';
import type { Autoscaling, Cluster, FleetSettings } from './settings.ts';

/** One way to set a fleet up, beside the proposed one. */
export interface Variant {
  readonly name: string;
  /** What the comparison is for. */
  readonly why: string;
  readonly settings: FleetSettings;
}

/** The proposed settings first; each other differs from them in the one thing that it is named for. */
export const VARIANTS: readonly Variant[] = [
  { name: 'proposed', why: 'the chart’s defaults', settings: PROPOSED },
  scaling('queueLength 1.0 x rooms per pod', 'the dead band of the HPA', { queueLength: 10 }),
  scaling('queueLength 0.9 x rooms per pod', 'as many free slots as the dead band is wide', {
    queueLength: 9,
  }),
  scaling('queueLength 0.6 x rooms per pod', 'more slots kept free', { queueLength: 6 }),
  scaling('scale-up as the HPA has it by default', 'how fast a burst is answered', {
    scaleUp: HPA_SCALE_UP,
  }),
  scaling('scale-up by 10 pods a sync or doubling', 'a cautious start', {
    scaleUp: {
      stabilizationS: 0,
      policies: [
        { type: 'Pods', value: 10, periodS: 15 },
        { type: 'Percent', value: 100, periodS: 15 },
      ],
    },
  }),
  scaling('cached metric, polled every 30 s', 'what useCachedMetrics costs', { isCached: true }),
  scaling('cached metric, polled every 10 s', 'what a faster poll gives', {
    isCached: true,
    pollingS: 10,
  }),
  scaling('scale-in window 300 s, all at once', 'the HPA’s default way down', {
    scaleDown: {
      stabilizationS: 300,
      policies: [{ type: 'Percent', value: 100, periodS: 15 }],
    },
  }),
  scaling('scale-in by one pod in 120 s', 'how long a large fleet takes to shrink', {
    scaleDown: { stabilizationS: 600, policies: [{ type: 'Pods', value: 1, periodS: 120 }] },
  }),
  scaling('scale-in window 1,800 s', 'slots kept for who comes back', {
    scaleDown: { ...PROPOSED.autoscaling.scaleDown, stabilizationS: 1_800 },
  }),
  scaling('at least 50 pods', 'a floor instead of a start', { minPods: 50 }),
  scaling('no pod when idle', 'the price of scaling to zero', { minPods: 0 }),
  onCluster('no spare node', 'every new pod waits for a node', { spareNodes: 0 }),
  onCluster('80 spare nodes', 'places for a whole burst that are there already', {
    spareNodes: 80,
  }),
  onCluster('counters up to date', 'what SQS’s slow counters cost', { counterLagS: 0 }),
];

function scaling(name: string, why: string, changes: Partial<Autoscaling>): Variant {
  const autoscaling = { ...PROPOSED.autoscaling, ...changes };
  return { name, why, settings: { ...PROPOSED, autoscaling } };
}

function onCluster(name: string, why: string, changes: Partial<Cluster>): Variant {
  const cluster = { ...PROPOSED.cluster, ...changes };
  return { name, why, settings: { ...PROPOSED, cluster } };
}
