import type { Room } from './room.ts';

/** Rooms that wait for a worker to take them: the queue's visible messages. */
export interface WaitingLine {
  push(room: Room): void;
  /** The one that waits longest and is not over. */
  shift(): Room | undefined;
}

/** An empty line; over-and-done rooms leave it when their turn comes. */
export function makeWaitingLine(): WaitingLine {
  let rooms: Room[] = [];
  let first = 0;
  return {
    push: (room) => void rooms.push(room),
    shift() {
      while (first < rooms.length) {
        const room = rooms[first];
        first += 1;
        if (first > 1_000 && first * 2 > rooms.length) {
          rooms = rooms.slice(first);
          first = 0;
        }
        if (room?.isOver === false) return room;
      }
      return undefined;
    },
  };
}
