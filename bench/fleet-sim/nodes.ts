import type { Agenda } from './agenda.ts';
import type { Random } from './random.ts';
import type { Cluster } from './settings.ts';

/** Where pods start: on a node that has a place, or on one that is only being made. */
export interface Nodes {
  /** Calls `ready` when the pod serves. */
  start(ready: () => void): void;
  /** A pod is gone; its place may be used again. */
  free(): void;
}

/** The cluster's nodes, as places for pods; new ones come by the node, a few are kept spare. */
export function makeNodes(agenda: Agenda, random: Random, cluster: Cluster): Nodes {
  const spare = cluster.spareNodes * cluster.podsPerNode;
  let places = spare;
  /** Of the node that is being made: what is left on it, and when it is there. */
  let coming = { places: 0, readyAtS: 0 };

  function placeAtS(): number {
    if (places > 0) {
      places -= 1;
      return agenda.now();
    }
    if (coming.places === 0) {
      const readyAtS = agenda.now() + random.spread(cluster.nodeStartS);
      coming = { places: cluster.podsPerNode, readyAtS };
    }
    coming.places -= 1;
    return Math.max(agenda.now(), coming.readyAtS);
  }

  return {
    start(ready) {
      agenda.at(placeAtS() + random.spread(cluster.podStartS), ready);
    },
    free() {
      places += 1;
      agenda.after(cluster.nodeIdleS, () => {
        if (places > spare) places -= 1;
      });
    },
  };
}
