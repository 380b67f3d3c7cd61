import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import { askAll } from './asking.ts';
import type { Answers } from './asking.ts';
import { machineUse, readMachineTimes } from './machine-use.ts';
import { loopUse } from './measured-worker.ts';
import type { MeasuredWorker, WorkerUsage } from './measured-worker.ts';
import { percentile, rounded } from './percentile.ts';
import { readProcessUsage } from './process-usage.ts';
import { questionText } from './questions.ts';
import { openScene } from './scene.ts';
import type { Scene } from './scene.ts';

/** How many rooms, and whether rtc-node captures its native log. */
export interface DensitySettings {
  readonly rooms: number;
  readonly nativeLogCapture: boolean;
}

/** What was measured; MB are PSS, cores are CPU time over wall time, of all threads of the worker. */
export type DensityRun = DensitySettings & Idle & Joins & Answers & Leaves;

interface Idle {
  readonly emptyWorkerMb: number;
  readonly mbPerRoom: number;
  readonly corePerRoom: number;
  /** Share of the time in which the worker's event loop was at work. */
  readonly loopUse: number;
  /** Share of all cores that was at work, the stack, the visitors and strangers included. */
  readonly machineUse: number;
  readonly visitorCorePerRoom: number;
}

interface Joins {
  /** From the queue's message in the worker's hands to `room-joined`. */
  readonly joinP50Ms: number;
  readonly joinP95Ms: number;
  /** From the backend's send to the bot seen as listening. */
  readonly enqueueToListeningP50Ms: number;
  readonly enqueueToListeningP95Ms: number;
}

interface Leaves {
  /** From the last human's leaving to the end of the bot, row written and message deleted. */
  readonly leaveP50Ms: number;
  readonly leaveP95Ms: number;
}

/** Activations that wait for their bot at the same moment. */
const OUTSTANDING = 8;
const WARM_UP_ROOMS = 4;
const SETTLE_MS = 4_000;
/** As long as the lease's beat takes at the default V, so that each room beats once in it. */
const QUIET_MS = 20_000;
const LIMIT_MS = 120_000;

/** Fills one worker with rooms, leaves them alone, talks in all of them, and empties it. */
export async function runDensity(settings: DensitySettings): Promise<DensityRun> {
  const { rooms: count, nativeLogCapture } = settings;
  const say = (what: string): void =>
    console.error(`text-density, ${JSON.stringify(settings)}: ${what}`);
  const rooms = Array.from({ length: count }, (_none, at) => `density-${at}`);
  say('starting the stack and a worker');
  await using scene = await openScene();
  await using worker = await scene.startWorker({
    MAX_CONCURRENT_ROOMS: String(count + WARM_UP_ROOMS),
    IDLE_TIMEOUT_MS: '0',
    DEPARTURE_GRACE_MS: '0',
    LIVEKIT_NATIVE_LOGS: String(nativeLogCapture),
  });
  say('warming up');
  await warmUp(scene);
  say('visitors enter');
  await enterAll(scene, rooms);
  await sleep(SETTLE_MS);
  // Tidy when empty and as it is when full: garbage counts against the rooms.
  const empty = await worker.usage('tidy');
  say(`bots join, ${OUTSTANDING} outstanding`);
  const joins = await joinAll(scene, rooms);
  await sleep(SETTLE_MS);
  say('nobody speaks');
  const idle = await measureIdle(scene, worker, count, empty);
  say('everybody asks');
  const answers = await askAll(scene, worker, rooms);
  say('everybody leaves');
  const leaves = await leaveAll(scene, rooms);
  return { ...settings, ...joins, ...idle, ...answers, ...leaves };
}

/** A few whole talks: what is loaded and compiled once is no room's cost. */
async function warmUp(scene: Scene): Promise<void> {
  const rooms = Array.from({ length: WARM_UP_ROOMS }, (_none, at) => `warm-up-${at}`);
  await enterAll(scene, rooms);
  await joinAll(scene, rooms);
  for (const room of rooms) {
    await scene.visitors.say(room, questionText(room, 0));
    await scene.moments.when(`answer ${room} 0`, LIMIT_MS);
  }
  await leaveAll(scene, rooms);
}

async function enterAll(scene: Scene, rooms: readonly string[]): Promise<void> {
  await scene.cast(rooms);
  const atATime = pLimit(OUTSTANDING);
  await atATime.map(rooms, (room) => scene.visitors.enter(room));
}

async function joinAll(scene: Scene, rooms: readonly string[]): Promise<Joins> {
  const { activations, moments } = scene;
  const atATime = pLimit(OUTSTANDING);
  const joined = await atATime.map(rooms, async (room) => {
    const sentAt = Date.now();
    const messageId = await activations.send(room);
    const joinedAt = await moments.when(`room-joined ${room}`, LIMIT_MS);
    const receivedAt = await moments.when(`received ${messageId}`, LIMIT_MS);
    return { room, sentAt, joinMs: joinedAt - receivedAt };
  });
  const joinMs = joined.map((one) => one.joinMs);
  const seenMs = await Promise.all(
    joined.map(
      async ({ room, sentAt }) => (await moments.when(`listening ${room} 1`, LIMIT_MS)) - sentAt,
    ),
  );
  return {
    joinP50Ms: rounded(percentile(joinMs, 0.5)),
    joinP95Ms: rounded(percentile(joinMs, 0.95)),
    enqueueToListeningP50Ms: rounded(percentile(seenMs, 0.5)),
    enqueueToListeningP95Ms: rounded(percentile(seenMs, 0.95)),
  };
}

async function measureIdle(
  { visitors }: Scene,
  worker: MeasuredWorker,
  rooms: number,
  empty: WorkerUsage,
): Promise<Idle> {
  const [before, visitorsBefore] = [await worker.usage(), readProcessUsage(visitors.pid)];
  const [startedAt, machineBefore] = [performance.now(), readMachineTimes()];
  await sleep(QUIET_MS);
  const tookMs = performance.now() - startedAt;
  const [after, visitorsAfter] = [await worker.usage(), readProcessUsage(visitors.pid)];
  return {
    emptyWorkerMb: rounded(empty.pssMb),
    mbPerRoom: rounded((after.pssMb - empty.pssMb) / rooms, 2),
    corePerRoom: rounded((after.cpuMs - before.cpuMs) / tookMs / rooms, 5),
    loopUse: rounded(loopUse(before, after), 4),
    machineUse: rounded(machineUse(machineBefore, readMachineTimes()), 2),
    visitorCorePerRoom: rounded((visitorsAfter.cpuMs - visitorsBefore.cpuMs) / tookMs / rooms, 5),
  };
}

async function leaveAll({ visitors, moments }: Scene, rooms: readonly string[]): Promise<Leaves> {
  const times = await Promise.all(
    rooms.map(async (room) => {
      const leftAt = await visitors.leave(room);
      return (await moments.when(`bot-ended ${room}`, LIMIT_MS)) - leftAt;
    }),
  );
  return {
    leaveP50Ms: rounded(percentile(times, 0.5)),
    leaveP95Ms: rounded(percentile(times, 0.95)),
  };
}
