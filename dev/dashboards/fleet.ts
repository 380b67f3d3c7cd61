import type { Board } from './board.ts';
import { ARRIVALS } from './fleet/arrivals.ts';
import { GLANCE } from './fleet/glance.ts';
import { LEASES } from './fleet/leases.ts';
import { MEMORY } from './fleet/memory.ts';
import { PROCESSES } from './fleet/processes.ts';
import { ROOMS } from './fleet/rooms.ts';

/** Whether rooms get their bot, and keep it. */
export const FLEET: Board = {
  name: 'fleet',
  title: 'Troupe / Fleet',
  description: 'Whether rooms get their bot, and keep it: workers, places, queue, leases, memory.',
  rows: [GLANCE, ROOMS, ARRIVALS, LEASES, MEMORY, PROCESSES],
};
