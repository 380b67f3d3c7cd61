import type { Observation } from '../../src/ports/observe.ts';
import type { JoinRoom, RoomLink } from '../../src/ports/room-link.ts';
import { enterRoom } from '../../src/room/kept-link.ts';
import type { PlaceEvent } from '../../src/room/kept-link.ts';
import { takeLease } from '../support/fake-bot-lease.ts';
import { makeFakeLeaseTable } from '../support/fake-lease-table.ts';
import { openFakeRooms } from '../support/fake-room-link.ts';
import { openHandClock } from '../support/hand-clock.ts';
import { ROOM } from './bot-world.ts';

/** A place in a room, kept by what is tested, and everything around it in hand. */
export async function openPlace(
  wrap: (join: JoinRoom) => JoinRoom = (join) => join,
  relieves = false,
) {
  const clock = openHandClock();
  const rooms = openFakeRooms(clock);
  const leases = makeFakeLeaseTable(() => clock.wallMs());
  const lease = await takeLease(leases, ROOM);
  const bot = new AbortController();
  const observed: Observation[] = [];
  const deps = {
    joinRoom: wrap(rooms.join),
    clock,
    observe: (one: Observation) => void observed.push(one),
    random: () => 0,
  };
  const entering = enterRoom(deps, { room: ROOM, name: 'Mia', relieves }, lease, bot.signal);
  entering.catch(() => undefined);
  const told: PlaceEvent[] = [];
  return {
    clock,
    rooms,
    leases,
    lease,
    bot,
    entering,
    told,
    observed,
    /** What was told of the path, in order. */
    path: () => told.map(({ type }) => type).filter((type) => type !== 'person-joined'),
    rejoins: () => observed.filter(({ type }) => type === 'room-rejoining').length,
    enter: async () => {
      const link = await entering;
      link.listen((event) => void told.push(event));
      return link;
    },
  };
}

/** Whether what is sent on it gets there. */
export async function reaches(link: RoomLink): Promise<boolean> {
  return await link.sendChatLine('hello').then(
    () => true,
    () => false,
  );
}
