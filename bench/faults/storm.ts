import { setTimeout as sleep } from 'node:timers/promises';
import { makeBadMessage } from './bad-messages.ts';
import type { Books } from './book.ts';
import { strike } from './faults.ts';
import type { PlannedFault } from './schedule.ts';
import type { Talks } from './talks.ts';
import type { World } from './world.ts';

/** Lets the faults of a schedule happen, each in its time; resolves once all are healed. */
export async function runStorm(
  world: World,
  books: Books,
  talks: Talks,
  planned: readonly PlannedFault[],
): Promise<void> {
  const begunAt = performance.now();
  const until = (ms: number): Promise<void> => sleep(Math.max(0, begunAt + ms - performance.now()));
  await Promise.all(
    planned.map(async (fault) => {
      await until(fault.atMs);
      note(books, world, fault, 'begin');
      if (fault.kind === 'bad-message') {
        const { id, dice } = fault;
        const order = await makeBadMessage(world, { id, dice, rooms: talks.rooms() });
        books.sent.push(await world.backend.send(order));
      }
      const heal = await strike(world, fault);
      await until(fault.untilMs);
      await heal();
      note(books, world, fault, 'end');
    }),
  );
}

function note(
  books: Books,
  { places }: World,
  { id, kind, worker, path }: PlannedFault,
  phase: 'begin' | 'end',
): void {
  const name = worker === undefined ? undefined : places[worker]?.name;
  books.faults.push({ at: Date.now(), phase, id, kind, worker: name, path });
}
