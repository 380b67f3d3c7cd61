import type { Nodes } from './nodes.ts';
import type { Pod, Pods } from './pods.ts';

/** Why a pod is told to drain. */
export type DrainReason = 'scale-in' | 'rollout';

/** A deployment: keeps as many pods as are wanted, of the version that is wanted. */
export interface Deployment {
  /** How many pods are wanted. */
  scale(): number;
  scaleTo(pods: number): void;
  /** Replaces every pod that there is. */
  rollOut(): void;
  /** A drained pod has ended. */
  ended(pod: Pod): void;
}

interface Deps {
  readonly pods: Pods;
  readonly nodes: Nodes;
  /** A pod serves. */
  readonly ready: () => void;
  /** Tells a pod that serves to drain; it calls `ended` when it has. */
  readonly drain: (pod: Pod, why: DrainReason) => void;
}

/** maxSurge of the deployment, as a share; maxUnavailable is none. */
const SURGE = 0.25;

/** The controllers of a deployment and its replica sets in one; no pods are wanted yet. */
export function makeDeployment({ pods, nodes, ready, drain }: Deps): Deployment {
  let scale = 0;

  function start(): void {
    const pod = pods.add();
    nodes.start(() => {
      if (pod.phase === 'gone') return nodes.free();
      pod.phase = 'ready';
      pods.changed(pod);
      reconcile();
      ready();
    });
  }

  function remove(pod: Pod, why: DrainReason): void {
    if (pod.phase === 'ready') return drain(pod, why);
    // Its place is free once it would have started: then it is taken from the node.
    pod.phase = 'gone';
    pods.changed(pod);
  }

  function reconcile(): void {
    const kept = [...pods.all()].filter(isKept);
    const old = kept.filter(({ isOld }) => isOld).length;
    const surge = old > 0 ? Math.ceil(SURGE * scale) : 0;
    const missing = Math.min(scale + surge - kept.length, scale - (kept.length - old));
    for (let left = missing; left > 0; left -= 1) start();
    if (old > 0) replaceOld(old);
    else removeSurplus(kept.length - scale);
  }

  function replaceOld(old: number): void {
    let spare = [...pods.all()].filter(({ phase }) => phase === 'ready').length - scale;
    for (let left = old; left > 0 && spare > 0; left -= 1) {
      const victim = pods.pickVictim((pod) => isKept(pod) && pod.isOld);
      if (victim === undefined) return;
      if (victim.phase === 'ready') spare -= 1;
      remove(victim, 'rollout');
    }
  }

  function removeSurplus(count: number): void {
    for (let left = count; left > 0; left -= 1) {
      const victim = pods.pickVictim(isKept);
      if (victim !== undefined) remove(victim, 'scale-in');
    }
  }

  return {
    scale: () => scale,
    scaleTo(wanted) {
      scale = wanted;
      reconcile();
    },
    rollOut() {
      for (const pod of pods.all()) pod.isOld = true;
      reconcile();
    },
    ended(pod) {
      pod.phase = 'gone';
      pods.changed(pod);
      nodes.free();
    },
  };
}

function isKept({ phase }: Pod): boolean {
  return phase === 'starting' || phase === 'ready';
}
