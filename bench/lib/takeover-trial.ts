import { setTimeout as sleep } from 'node:timers/promises';
import type { MeasuredWorker } from './measured-worker.ts';
import { countLost, joined, readMemory } from './memory.ts';
import type { SavedMessage } from './memory.ts';
import { poll } from './poll.ts';
import { questionIn, questionText } from './questions.ts';
import type { Scene } from './scene.ts';

/** How the worker that holds the rooms goes. */
export type HowItGoes = 'kill' | 'handover';

/** What one worker's going did to one of its rooms. */
export interface RoomTrial {
  /** From the kill, or from the eviction, to the successor seen as listening, in ms. */
  readonly gapMs: number;
  /** Messages that the database had, and that are gone now, or were never answered. */
  readonly lost: number;
  /** Whether the line that was asked during a handover met nobody. */
  readonly unheard: boolean;
}

/** Who takes part: the worker that goes, and the one that is started to take over. */
export interface Workers {
  readonly holder: MeasuredWorker;
  readonly startOther: () => Promise<MeasuredWorker>;
}

const LIMIT_MS = 30_000;
/** How long a line may take from the holder through the inbox into the memory. */
const INBOX_LIMIT_MS = 5_000;
/** Between the last questions of two rooms: the going meets their replies at different stages. */
const STAGGER_MS = 250;

/**
 * Takes `rooms` on one worker, each with a question answered and another just committed, its answer
 * under way; lets that worker go; and waits until the other has answered all that was committed. A
 * worker that hands over is asked once more in between. Returns when the rooms are empty again.
 */
export async function runTrial(
  scene: Scene,
  how: HowItGoes,
  rooms: readonly string[],
  { holder, startOther }: Workers,
): Promise<{ readonly rooms: readonly RoomTrial[]; readonly survivor: MeasuredWorker }> {
  await scene.cast(rooms);
  await Promise.all(rooms.map((room) => settleIn(scene, room)));
  const survivor = await startOther();
  await askLast(scene, rooms);
  const committed = await Promise.all(rooms.map((room) => readMemory(scene.stack.database, room)));
  const goneAt = Date.now();
  holder.signal(how === 'kill' ? 'SIGKILL' : 'SIGTERM');
  const results = await Promise.all(
    rooms.map(async (room, at) => {
      const from = how === 'kill' ? goneAt : await askAndMissHolder(scene, room);
      const gapMs = (await scene.moments.when(`listening ${room} 2`, LIMIT_MS)) - from;
      return { gapMs, ...(await settleUp(scene, how, room, committed[at] ?? [])) };
    }),
  );
  const end = await holder.exited;
  if (how === 'handover' && end !== 0) throw new Error(`the worker that drained ended with ${end}`);
  await Promise.all(rooms.map((room) => emptyRoom(scene, room)));
  return { rooms: results, survivor };
}

async function settleIn({ activations, moments, visitors }: Scene, room: string): Promise<void> {
  await visitors.enter(room);
  await activations.send(room);
  await moments.when(`listening ${room} 1`, LIMIT_MS);
  await visitors.say(room, questionText(room, 1));
  await moments.when(`answer ${room} 1`, LIMIT_MS);
}

/** Asks in one room after the other, and comes back as soon as the last question is saved. */
async function askLast({ stack, visitors }: Scene, rooms: readonly string[]): Promise<void> {
  for (const [at, room] of rooms.entries()) {
    if (at > 0) await sleep(STAGGER_MS);
    await visitors.say(room, questionText(room, 2));
  }
  const saved = rooms.map((room) =>
    poll(() => readMemory(stack.database, room), knows(room, 2), LIMIT_MS),
  );
  await Promise.all(saved);
}

/**
 * Asks as soon as the successor is called, and resolves with the moment in which the holder was out:
 * evicted, or by itself when the database told it first.
 */
async function askAndMissHolder({ moments, visitors }: Scene, room: string): Promise<number> {
  await moments.when(`handover-sent ${room}`, LIMIT_MS);
  await visitors.say(room, questionText(room, 3));
  const endedAt = await moments.when(`bot-ended ${room}`, LIMIT_MS);
  const signs = [`link-lost ${room}`, `lease-lost ${room}`, `gone ${room} 1`];
  return Math.min(endedAt, ...signs.map((sign) => moments.at(sign) ?? endedAt));
}

/** Gives the successor its time to answer what was committed before it came. */
async function settleUp(
  { stack: { database } }: Scene,
  how: HowItGoes,
  room: string,
  before: readonly SavedMessage[],
): Promise<Omit<RoomTrial, 'gapMs'>> {
  const read = (): Promise<readonly SavedMessage[]> => readMemory(database, room);
  const heard = how === 'kill' || knows(room, 3)(await poll(read, knows(room, 3), INBOX_LIMIT_MS));
  const committed = joined(before, await read());
  const now = await poll(read, (messages) => countLost(committed, messages) === 0, LIMIT_MS);
  return { lost: countLost(committed, now), unheard: !heard };
}

/** The visitor goes, and so does the bot: the next trial begins with nobody anywhere. */
async function emptyRoom({ stack, visitors }: Scene, room: string): Promise<void> {
  await visitors.leave(room);
  const status = async (): Promise<unknown> => {
    const [lease] = await stack.database.sql('select status from leases where room = $1', [room]);
    return lease?.['status'];
  };
  const left = await poll(status, (value) => value === 'left', LIMIT_MS);
  if (left !== 'left') throw new Error(`the bot of ${room} did not leave`);
}

function knows(room: string, question: number): (messages: readonly SavedMessage[]) => boolean {
  return (messages) =>
    messages.some(
      ({ role, text }) => role === 'user' && questionIn(text) === `${room} ${question}`,
    );
}
