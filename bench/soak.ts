import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Bench } from './lib/bench.ts';
import { readCount } from './lib/count.ts';
import { machineUse, readMachineTimes } from './lib/machine-use.ts';
import { openMixedScene } from './lib/mixed-scene.ts';
import type { MixedScene } from './lib/mixed-scene.ts';
import { rounded } from './lib/percentile.ts';
import { keepBusy } from './soak/load.ts';
import { watchWorker } from './soak/look.ts';
import type { Look } from './soak/look.ts';
import { slopeOf } from './soak/slope.ts';

/**
 * Whether workers stay as they are under a steady load: for `--minutes 30`, `--text 8` and `--voice 2`
 * rooms at a time talk, each for less than a minute, over `--workers 2`. Prints what each worker's
 * memory, open files and handles do by the hour, by least squares, after a warm-up of a third of the
 * time, at most 10 minutes.
 */
export const soak: Bench = async (args) => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: 'string', default: '30' },
      workers: { type: 'string', default: '2' },
      text: { type: 'string', default: '8' },
      voice: { type: 'string', default: '2' },
    },
  });
  const minutes = readCount(values.minutes);
  const seats = { text: readCount(values.text), voice: readCount(values.voice) };
  await using scene = await openMixedScene();
  await using workers = new AsyncDisposableStack();
  const watched = [];
  for (let at = 0; at < readCount(values.workers); at += 1) {
    const env = { AUDIO_ENABLED: 'true', MAX_CONCURRENT_ROOMS: String(seats.text + seats.voice) };
    watched.push(await watchWorker(workers.use(await scene.startWorker(env))));
  }
  const over = new AbortController();
  const served = { rooms: 0, roomsWithoutBot: 0, turns: 0, unanswered: 0 };
  const machine = readMachineTimes();
  const busy = keepBusy(scene, seats, served, over.signal);
  const looks = await lookAround(scene, watched, minutes);
  over.abort();
  await busy;
  const warmUpMinutes = Math.min(MOST_WARM_UP_MINUTES, minutes / 3);
  const byWorker = looks.map((of) => slopesOf(of.filter(({ minute }) => minute >= warmUpMinutes)));
  return {
    minutes,
    warmUpMinutes: rounded(warmUpMinutes),
    rssSlopeMbPerHour: Math.max(...byWorker.map(({ rssMb }) => rssMb.perHour)),
    openFilesSlopePerHour: Math.max(...byWorker.map(({ openFiles }) => openFiles.perHour)),
    seats,
    ...served,
    machineUse: rounded(machineUse(machine, readMachineTimes()), 2),
    workersWarned: scene.troubles.counts(),
    workers: byWorker,
    looks,
  };
};

const MOST_WARM_UP_MINUTES = 10;
const MOST_LOOKS = 240;
const LOOK_EVERY_MS = 10_000;

type Watched = Awaited<ReturnType<typeof watchWorker>>;

/** Looks at every worker evenly over the time; what the simulators keep in their books is not theirs. */
async function lookAround(
  { stack: { llm, voice } }: MixedScene,
  workers: readonly Watched[],
  minutes: number,
): Promise<readonly (readonly Look[])[]> {
  const everyMs = Math.max(LOOK_EVERY_MS, (minutes * 60_000) / MOST_LOOKS);
  const looks: Look[][] = workers.map(() => []);
  const startedAt = performance.now();
  for (let n = 1; n * everyMs <= minutes * 60_000; n += 1) {
    await sleep(Math.max(0, startedAt + n * everyMs - performance.now()));
    const minute = (performance.now() - startedAt) / 60_000;
    for (const [at, look] of workers.entries()) looks[at]?.push(roundAll(await look(minute)));
    for (const books of [llm, voice.gladia, voice.cartesia]) books.forget();
    console.error(`soak: ${JSON.stringify(looks.map((of) => of.at(-1)))}`);
  }
  return looks;
}

/** Of one worker, each with what it was at first and at last. */
function slopesOf(looks: readonly Look[]) {
  const slope = (of: keyof Look) => {
    const readings = looks.map((look) => ({ at: look.minute / 60, value: look[of] }));
    const { perUnit, standardError } = slopeOf(readings);
    const [first, last] = [readings[0]?.value, readings.at(-1)?.value];
    return { perHour: rounded(perUnit), standardError: rounded(standardError), first, last };
  };
  return {
    rssMb: slope('rssMb'),
    pssMb: slope('pssMb'),
    heapUsedMb: slope('heapUsedMb'),
    nativeMb: slope('nativeMb'),
    openFiles: slope('openFiles'),
    activeHandles: slope('activeHandles'),
    threads: slope('threads'),
    loopUseMean: rounded(looks.reduce((sum, look) => sum + look.loopUse, 0) / looks.length, 3),
  };
}

function roundAll(look: Look): Look {
  const entries = Object.entries(look).map(([name, value]) => [name, rounded(Number(value), 2)]);
  return Object.fromEntries(entries) as Look;
}
