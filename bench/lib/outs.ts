import type { WorkerEvent } from './measured-worker.ts';

/** When bots were out of their rooms, as their own workers told it. */
export interface Outs {
  readonly see: (event: WorkerEvent) => void;
  /** Of each bot of the room, in the order in which they joined, in ms since 1970. */
  of(room: string): readonly (number | undefined)[];
}

/** The first sign counts: the path is cut, the lease is lost, or the bot ends by itself. */
const SIGNS: ReadonlySet<string> = new Set(['link-lost', 'lease-lost', 'bot-ended']);

export function openOuts(): Outs {
  const rooms = new Map<string, Map<number, number | undefined>>();
  return {
    see({ event, at, line: { room, epoch } }) {
      if (typeof room !== 'string' || typeof epoch !== 'number') return;
      const bots = rooms.get(room) ?? new Map<number, number | undefined>();
      rooms.set(room, bots);
      if (event === 'room-joined') bots.set(epoch, undefined);
      if (SIGNS.has(event) && bots.has(epoch)) bots.set(epoch, bots.get(epoch) ?? at);
    },
    of: (room) => [...(rooms.get(room)?.values() ?? [])],
  };
}
