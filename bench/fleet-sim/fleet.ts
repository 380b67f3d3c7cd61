import type { Agenda } from './agenda.ts';
import { makeDeployment } from './deployment.ts';
import type { DrainReason } from './deployment.ts';
import { makeNodes } from './nodes.ts';
import { makePods } from './pods.ts';
import type { Pod } from './pods.ts';
import { makeRandom } from './random.ts';
import { makeRoom } from './room.ts';
import type { Room } from './room.ts';
import type { FleetSettings } from './settings.ts';
import { makeWaitingLine } from './waiting-line.ts';

/** What a fleet tells of itself as it happens. */
export interface FleetListener {
  /** A bot is there for the first time. */
  joined(room: Room): void;
  /** A drain ended before anybody took this room over. */
  abandoned(): void;
  /** A room was without a bot that listens for so long, between two bots or until its talk was over. */
  silent(silentS: number): void;
  /** A pod with so many rooms was told to drain. */
  draining(why: DrainReason, rooms: number): void;
  /** A talk is over: it ended, or was cut off by an outage. */
  over(room: Room, how: 'ended' | 'cut'): void;
}

/** A deployment of workers on one queue. */
export interface Fleet {
  /** Asks for a bot. */
  ask(talkS: number): void;
  /** How many pods are wanted. */
  scale(): number;
  scaleTo(pods: number): void;
  rollOut(): void;
  /** Ends all talks at once, those that still wait for their bot too; they are returned. */
  cutAll(): readonly Room[];
  /** Visible and in flight: one for each room, whatever becomes of its bots. */
  messages(): number;
  counts(): FleetCounts;
}

/** A fleet at one moment. */
export interface FleetCounts {
  /** Rooms without a bot. */
  readonly waiting: number;
  /** Rooms with a bot. */
  readonly live: number;
  readonly ready: number;
  readonly starting: number;
  readonly draining: number;
}

/** No pods, no rooms yet. */
export function makeFleet(
  agenda: Agenda,
  seed: number,
  { workers, cluster }: FleetSettings,
  listener: FleetListener,
): Fleet {
  const random = makeRandom(seed, 'workers');
  const nodes = makeNodes(agenda, makeRandom(seed, 'nodes'), cluster);
  const pods = makePods(makeRandom(seed, 'pods'), workers);
  const deployment = makeDeployment({ pods, nodes, ready: dispatch, drain });
  const line = makeWaitingLine();
  const rooms = new Set<Room>();
  let waiting = 0;

  /** Every worker with a free slot receives what waits longest. */
  function dispatch(): void {
    for (;;) {
      const pod = pods.takeOpen();
      const room = pod && line.shift();
      if (pod === undefined || room === undefined) return;
      pod.rooms.add(room);
      pod.joining += 1;
      pods.changed(pod);
      agenda.after(random.spread(workers.joinS), () => join(room, pod));
    }
  }

  function join(room: Room, pod: Pod): void {
    pod.joining -= 1;
    if (room.isOver) return release(room, pod);
    const before = room.pod;
    if (before === undefined) waiting -= 1;
    room.pod = pod;
    if (room.joinedAtS === undefined) begin(room);
    else takeOver(room, before);
    // It was told to drain while it joined.
    if (pod.phase === 'draining') line.push(room);
    pods.changed(pod);
    dispatch();
  }

  function begin(room: Room): void {
    room.joinedAtS = agenda.now();
    listener.joined(room);
    agenda.after(room.talkS, () => end(room, 'ended'));
  }

  function takeOver(room: Room, before: Pod | undefined): void {
    const { silentSinceS } = room;
    const gapS = random.spread(workers.handoverGapS);
    listener.silent(gapS + (silentSinceS === undefined ? 0 : agenda.now() - silentSinceS));
    room.silentSinceS = undefined;
    if (before !== undefined) release(room, before);
  }

  function release(room: Room, pod: Pod): void {
    pod.rooms.delete(room);
    if (pod.phase === 'draining' && pod.rooms.size === 0) deployment.ended(pod);
    else pods.changed(pod);
    dispatch();
  }

  function end(room: Room, how: 'ended' | 'cut'): void {
    if (room.isOver) return;
    room.isOver = true;
    rooms.delete(room);
    if (room.silentSinceS !== undefined) listener.silent(agenda.now() - room.silentSinceS);
    listener.over(room, how);
    if (room.pod === undefined) waiting -= 1;
    else release(room, room.pod);
  }

  /** Receives nothing more; offers each room to others and goes on answering meanwhile. */
  function drain(pod: Pod, why: DrainReason): void {
    pod.phase = 'draining';
    pods.changed(pod);
    listener.draining(why, pod.rooms.size);
    if (pod.rooms.size === 0) return deployment.ended(pod);
    for (const room of pod.rooms) if (room.pod === pod) line.push(room);
    agenda.after(workers.drainS, () => leaveAll(pod));
    dispatch();
  }

  /** The drain's deadline: what nobody took over is left without a bot. */
  function leaveAll(pod: Pod): void {
    for (const room of [...pod.rooms].filter((one) => one.pod === pod)) {
      room.pod = undefined;
      room.silentSinceS = agenda.now();
      waiting += 1;
      listener.abandoned();
      release(room, pod);
    }
  }

  return {
    ask(talkS) {
      const room = makeRoom(agenda.now(), talkS);
      rooms.add(room);
      waiting += 1;
      line.push(room);
      dispatch();
    },
    scale: () => deployment.scale(),
    scaleTo: (wanted) => deployment.scaleTo(wanted),
    rollOut: () => deployment.rollOut(),
    cutAll() {
      const cut = [...rooms];
      for (const room of cut) end(room, 'cut');
      return cut;
    },
    messages: () => rooms.size,
    counts() {
      const phases = [...pods.all()].map(({ phase }) => phase);
      const count = (phase: Pod['phase']): number => phases.filter((one) => one === phase).length;
      return {
        waiting,
        live: rooms.size - waiting,
        ready: count('ready'),
        starting: count('starting'),
        draining: count('draining'),
      };
    },
  };
}
