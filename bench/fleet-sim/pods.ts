import type { Random } from './random.ts';
import type { Room } from './room.ts';

/** One worker. */
export interface Pod {
  phase: 'starting' | 'ready' | 'draining' | 'gone';
  /** Of the version before the one that is rolled out. */
  isOld: boolean;
  /** All whose slot it holds, those that it is joining among them. */
  readonly rooms: Set<Room>;
  /** Rooms that it is joining now. */
  joining: number;
}

/** The pods of a deployment, and those of them that would take a room now. */
export interface Pods {
  add(): Pod;
  /** To be called whenever a pod's phase, rooms or joins have changed. */
  changed(pod: Pod): void;
  /** One that would take a room now, any of them. */
  takeOpen(): Pod | undefined;
  /** The next to be removed: those that do not serve yet come first, as a ReplicaSet has it. */
  pickVictim(among: (pod: Pod) => boolean): Pod | undefined;
  all(): ReadonlySet<Pod>;
}

/** No pods yet; none has more rooms or joins than these limits. */
export function makePods(
  random: Random,
  { roomsPerPod, joinsAtATime }: { readonly roomsPerPod: number; readonly joinsAtATime: number },
): Pods {
  const pods = new Set<Pod>();
  /** In any order, each with its index, so that picking and removing cost the same at any size. */
  const open: Pod[] = [];
  const indexOf = new Map<Pod, number>();

  function isOpen({ phase, rooms, joining }: Pod): boolean {
    return phase === 'ready' && rooms.size < roomsPerPod && joining < joinsAtATime;
  }

  function close(pod: Pod): void {
    const index = indexOf.get(pod);
    const last = open.pop();
    if (index === undefined || last === undefined) return;
    indexOf.delete(pod);
    if (last === pod) return;
    open[index] = last;
    indexOf.set(last, index);
  }

  return {
    add() {
      const pod: Pod = { phase: 'starting', isOld: false, rooms: new Set(), joining: 0 };
      pods.add(pod);
      return pod;
    },
    changed(pod) {
      if (pod.phase === 'gone') pods.delete(pod);
      if (isOpen(pod) === indexOf.has(pod)) return;
      if (indexOf.has(pod)) return close(pod);
      indexOf.set(pod, open.length);
      open.push(pod);
    },
    takeOpen: () => open[random.index(open.length)],
    pickVictim(among) {
      const fitting = [...pods].filter(among);
      const starting = fitting.filter(({ phase }) => phase === 'starting');
      const candidates = starting.length > 0 ? starting : fitting;
      return candidates[random.index(candidates.length)];
    },
    all: () => pods,
  };
}
