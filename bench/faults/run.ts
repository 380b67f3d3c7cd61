import { setTimeout as sleep } from 'node:timers/promises';
import { openAlarm } from './alarm.ts';
import type { Alarm } from './alarm.ts';
import { openBooks, seenUntil } from './book.ts';
import type { Books } from './book.ts';
import { poll } from '../lib/poll.ts';
import { checkAll } from './invariants/check.ts';
import { hasReturned } from './invariants/returns.ts';
import { summarize } from './figures.ts';
import type { RunFigures } from './figures.ts';
import { MUTE_LIMIT_MS } from './invariants/mute.ts';
import { isReady, readLevel } from './level.ts';
import type { Level } from './observations.ts';
import type { Place } from './place.ts';
import { planFaults } from './schedule.ts';
import { runStorm } from './storm.ts';
import { openTalks } from './talks.ts';
import { openWatch } from './watch.ts';
import type { Watch } from './watch.ts';
import { openWitness } from './witness.ts';
import { openWorld } from './world.ts';
import type { World } from './world.ts';

/** What one run is made of. */
export interface RunOptions {
  readonly seed: number;
  readonly faults: number;
  readonly workers: number;
  readonly rooms: number;
  /** What repeats it. */
  readonly command: string;
}

/** One run: talks begin, the storm comes, a calm in which every room must answer, everybody goes. */
export async function runCampaign(options: RunOptions): Promise<RunFigures> {
  const { seed, faults, workers, rooms, command } = options;
  const begunAt = Date.now();
  const [books, alarm] = [openBooks(), openAlarm({ seed, begunAt, command })];
  await using world = await openWorld(
    workers,
    openWitness(books, alarm.hear, (room) => talks.cameBack(room)),
  );
  const levels = await startFleet(world);
  const talks = openTalks(world, books, { seed, rooms });
  const watch = openWatch(world, books, talks);
  const judging = setInterval(() => judge(books, alarm, watch), JUDGED_EVERY_MS);
  try {
    await sleep(WARM_UP_MS);
    say(seed, begunAt, `${rooms} rooms on ${workers} workers; ${faults} faults begin`);
    await runStorm(world, books, talks, planFaults({ seed, faults, workers }));
    say(seed, begunAt, 'all is healed; every room is to answer');
    await untilAllReady(world);
    await talks.stay();
    await sleep(MUTE_LIMIT_MS + LAG_MS);
    judge(books, alarm, watch);
    await talks.end();
    say(seed, begunAt, 'everybody has gone; all is to return');
    await settle(world, watch, books);
    await weigh(world, books, levels);
  } finally {
    clearInterval(judging);
    await watch[Symbol.asyncDispose]();
  }
  await sleep(LAG_MS);
  await watch.look();
  const seen = seenUntil(books, Date.now());
  alarm.tell(checkAll(seen), seen);
  return summarize({ seed, faults, begunAt }, seen, alarm.told());
}

/** Until the first talks are under way. */
const WARM_UP_MS = 12_000;
const JUDGED_EVERY_MS = 5_000;
/** The database's book is read so late. */
const LAG_MS = 4_500;
const READY_LIMIT_MS = 90_000;
/**
 * Until rooms that could not be left in order are given up, and connections that nobody uses are closed:
 * the simulators keep theirs open for 60 s, and say so.
 */
const RETURN_LIMIT_MS = 75_000;
const LOOK_EVERY_MS = 1_000;
/** An idle bot's 30 s, a takeover, and some. */
const SETTLE_LIMIT_MS = 90_000;

function judge(books: Books, alarm: Alarm, watch: Watch): void {
  const seen = seenUntil(books, watch.until());
  alarm.tell(checkAll(seen), seen);
}

function say(seed: number, begunAt: number, what: string): void {
  console.error(`seed ${seed}, ${((Date.now() - begunAt) / 1_000).toFixed(1)} s: ${what}`);
}

/** Starts a worker in each place, and weighs it as soon as it is ready: before it serves anybody. */
async function startFleet({ places }: World): Promise<Map<string, Level>> {
  const levels = new Map<string, Level>();
  for (const place of places) place.start();
  await Promise.all(
    places.map(async (place) => {
      if (!(await untilReady(place))) throw new Error(`${place.name} does not get ready`);
      levels.set(place.worker().name, await readLevel(place.worker()));
    }),
  );
  return levels;
}

async function untilAllReady({ places }: World): Promise<void> {
  await Promise.all(places.map(untilReady));
}

/** Whether it got ready in its time. */
async function untilReady(place: Place): Promise<boolean> {
  const giveUpAt = Date.now() + READY_LIMIT_MS;
  while (Date.now() < giveUpAt) {
    if (await isReady(place.worker())) return true;
    await sleep(200);
  }
  return false;
}

/** Waits until the queue holds nothing, or has had its time. */
async function settle({ backend }: World, watch: Watch, books: Books): Promise<void> {
  const giveUpAt = Date.now() + SETTLE_LIMIT_MS;
  for (;;) {
    const residue = await backend.count();
    if (residue.waiting + residue.inFlight === 0 || Date.now() > giveUpAt) {
      await watch.look();
      books.residue.push(residue);
      return;
    }
    await sleep(500);
  }
}

/**
 * A worker that came during the storm is held against the lightest of those before it. What is garbage
 * it does not hold.
 */
async function weigh({ places }: World, books: Books, levels: Map<string, Level>): Promise<void> {
  const lightest = [...levels.values()].toSorted((a, b) => a.rssMb - b.rssMb)[0];
  for (const place of places) {
    const standing = place.worker();
    const before = levels.get(standing.name) ?? lightest;
    if (before === undefined) continue;
    const after = await poll(
      async () => {
        await sleep(LOOK_EVERY_MS);
        return await readLevel(standing).catch(() => undefined);
      },
      (level) => level === undefined || hasReturned({ before, after: level }),
      RETURN_LIMIT_MS,
    );
    const seen = { at: Date.now(), worker: standing.name };
    if (after === undefined) books.exits.push({ ...seen, how: 'it does not answer' });
    else books.survivors.push({ ...seen, before, after });
  }
}
