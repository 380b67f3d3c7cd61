import { openStack } from '../../dev/stack.ts';
import type { PartName } from '../../dev/stack.ts';
import { machineUse, readMachineTimes } from '../lib/machine-use.ts';
import { rounded } from '../lib/percentile.ts';
import type { Contender, Mode, StartContender } from './contender.ts';
import type { Answer, Guests } from './guests.ts';
import { openReaders } from './readers.ts';
import { measureRooms } from './room-cost.ts';
import type { RoomCost } from './room-cost.ts';
import { talkFigures } from './talk-figures.ts';
import type { TalkFigures } from './talk-figures.ts';
import { openTalkers } from './talkers.ts';

/** What is measured of each contender, in the same way. */
export interface Trial {
  readonly mode: Mode;
  readonly rooms: number;
  /** Questions in each room. */
  readonly turns: number;
}

/** What was measured. */
export interface Measured extends RoomCost {
  readonly talk: TalkFigures;
  /** Share of all cores that was at work meanwhile. */
  readonly talkingMachineUse: number;
}

/**
 * Starts a stack, visitors and the contender, has one talk that counts for nothing, fills the rooms, looks
 * at what they cost in the quiet, and has all of them talk. All that was started is ended.
 */
export async function measureContender(
  start: StartContender,
  parts: readonly PartName[],
  { mode, rooms: count, turns }: Trial,
): Promise<Measured> {
  const llm = { latency: PACE, replies: [{ reply: ANSWER }] };
  await using stack = await openStack({ parts, llm });
  await using guests = mode === 'text' ? openReaders(stack.env) : openTalkers(stack.env);
  await using contender = await start(stack, mode);
  await warmUp(contender, guests);
  const rooms = Array.from({ length: count }, (_none, at) => `${mode}-${at}`);
  const cost = await measureRooms(
    () => contender.pids(),
    rooms,
    (room) => fill(contender, guests, room),
  );
  const machine = readMachineTimes();
  const answers = await (mode === 'text' ? askAtOnce : askAtTheirPace)(guests, rooms, turns);
  return {
    ...cost,
    talk: talkFigures(answers),
    talkingMachineUse: rounded(machineUse(machine, readMachineTimes()), 2),
  };
}

/** The model's: 200 ms, then 10 ms a token. */
const PACE = { firstTokenMs: 200, perTokenMs: 10 };
/** One sentence: nobody's answer waits for the second one. */
const ANSWER = 'Sure, I can do that for you.';
const WARM_UP = 'warm-up';

/** A whole talk: what is loaded and compiled once is no room's cost. */
async function warmUp(contender: Contender, guests: Guests): Promise<void> {
  await fill(contender, guests, WARM_UP);
  for (const n of [0, 1]) await guests.ask(WARM_UP, n);
  await guests.leave(WARM_UP);
  await contender.gone(WARM_UP);
  await contender.tidy?.();
}

/** Gives how long its bot took to be ready, in ms. */
async function fill(contender: Contender, guests: Guests, room: string): Promise<number> {
  await guests.enter(room);
  const askedAt = performance.now();
  await contender.bring(room);
  return performance.now() - askedAt;
}

type Answers = readonly (Answer | undefined)[];

/** Asks in all rooms at the same moment, again and again. The first time counts for nothing. */
async function askAtOnce(
  guests: Guests,
  rooms: readonly string[],
  turns: number,
): Promise<Answers> {
  const answers = [];
  for (let n = 0; n <= turns; n += 1) {
    const round = await Promise.all(rooms.map((room) => guests.ask(room, n)));
    if (n > 0) answers.push(...round);
  }
  return answers;
}

/** Each room has a talk of its own at the same time. Its first turn counts for nothing. */
async function askAtTheirPace(
  guests: Guests,
  rooms: readonly string[],
  turns: number,
): Promise<Answers> {
  const talks = rooms.map(async (room, at) => {
    const answers = [];
    for (let n = 0; n <= turns; n += 1) answers.push(await guests.ask(room, at + n));
    return answers.slice(1);
  });
  return (await Promise.all(talks)).flat();
}
