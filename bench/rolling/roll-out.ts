import { setTimeout as sleep } from 'node:timers/promises';
import type { MeasuredWorker } from '../lib/measured-worker.ts';
import { countLost, joined, readMemory } from '../lib/memory.ts';
import type { SavedMessage } from '../lib/memory.ts';
import { openMixedScene } from '../lib/mixed-scene.ts';
import type { MixedScene, TalkMode } from '../lib/mixed-scene.ts';
import { percentile, rounded } from '../lib/percentile.ts';
import { poll } from '../lib/poll.ts';
import { keepTalking } from '../lib/talker.ts';
import type { Asked } from '../lib/talker.ts';
import { gapsOf } from './gaps.ts';
import { replaceWorkers } from './replace-workers.ts';
import { turnFates } from './turn-fates.ts';
import type { TurnFates } from './turn-fates.ts';
import { errorsSeen } from './errors-seen.ts';

/** How long talks run undisturbed, before the first worker goes and after the last. */
const CALM_MS = 5_000;
const LAST_ANSWERS_LIMIT_MS = 20_000;

/** One rollout of a whole fleet under live talks of one mode: what their guests saw of it. */
export async function rollOut(mode: TalkMode, roomCount: number, workerCount: number) {
  await using scene = await openMixedScene();
  await using workers = new AsyncDisposableStack();
  const env = {
    AUDIO_ENABLED: String(mode === 'voice'),
    // One place is the next message's; as full as that, rooms spread over the fleet.
    MAX_CONCURRENT_ROOMS: String(Math.ceil(roomCount / workerCount) + 1),
  };
  const start = async (): Promise<MeasuredWorker> => workers.use(await scene.startWorker(env));
  const old = [];
  while (old.length < workerCount) old.push(await start());
  const rooms = Array.from({ length: roomCount }, (_none, at) => `rolling-${mode}-${at}`);
  for (const room of rooms) await scene.fill(room, mode);

  const over = new AbortController();
  const talks = rooms.map((room) => keepTalking(scene, room, mode, over.signal));
  const once = rooms.map((): readonly SavedMessage[] => []);
  const remember = async (): Promise<void> => {
    for (const [at, room] of rooms.entries()) {
      once[at] = joined(once[at] ?? [], await readMemory(scene.stack.database, room));
    }
  };
  await sleep(CALM_MS);
  const ends = await replaceWorkers(old, start, remember);
  await sleep(CALM_MS);
  over.abort();
  const asked = await Promise.all(talks);
  const fates = await Promise.all(
    rooms.map((room, at) => fatesOf(scene, room, asked[at] ?? [], once[at] ?? [])),
  );
  return {
    mode,
    rooms: roomCount,
    workersReplaced: workerCount,
    ...gapFigures(scene, rooms),
    ...sumUp(fates),
    workersThatFailed: ends.filter((end) => end !== 0).length,
    errorsSeen: errorsSeen(rooms.map((room) => scene.sights.of(room))),
    workersWarned: scene.troubles.counts(),
  };
}

/** Once everything is answered, or should be. */
async function fatesOf(
  { stack: { database }, sights }: MixedScene,
  room: string,
  asked: readonly Asked[],
  once: readonly SavedMessage[],
): Promise<TurnFates> {
  const fates = (memory: readonly SavedMessage[]): TurnFates => {
    const lines = sights.of(room).flatMap((one) => (one.what === 'line' ? [one.text] : []));
    return turnFates(asked, lines, once, memory);
  };
  const isSettled = (memory: readonly SavedMessage[]): boolean => {
    const { neverSaved, neverAnswered } = fates(memory);
    return neverSaved + neverAnswered + countLost(memory, memory) === 0;
  };
  const read = (): Promise<readonly SavedMessage[]> => readMemory(database, room);
  return fates(await poll(read, isSettled, LAST_ANSWERS_LIMIT_MS));
}

function gapFigures({ sights, outs }: MixedScene, rooms: readonly string[]) {
  const gaps = rooms.flatMap((room) => gapsOf(sights.of(room), outs.of(room)));
  const closed = gaps.flatMap(({ ms }) => ms ?? []);
  return {
    handoversSeen: gaps.length,
    gapP50Ms: rounded(percentile(closed, 0.5)),
    gapP95Ms: rounded(percentile(closed, 0.95)),
    gapMaxMs: rounded(Math.max(...closed)),
    gapsWithoutEnd: gaps.length - closed.length,
  };
}

function sumUp(fates: readonly TurnFates[]) {
  const sum = (of: keyof TurnFates): number => fates.reduce((all, one) => all + one[of], 0);
  const lost = {
    neverSaved: sum('neverSaved'),
    neverAnswered: sum('neverAnswered'),
    savedAndGone: sum('savedAndGone'),
  };
  return {
    turns: sum('turns'),
    turnsLost: lost.neverSaved + lost.neverAnswered + lost.savedAndGone,
    lost,
    answeredTwice: sum('answeredTwice'),
    heardInPart: sum('heardInPart'),
    answerNotHeard: sum('answerNotHeard'),
  };
}
