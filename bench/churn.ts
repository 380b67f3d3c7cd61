import { parseArgs } from 'node:util';
import pLimit from 'p-limit';
import type { Bench } from './lib/bench.ts';
import { readCount } from './lib/count.ts';
import type { MeasuredWorker } from './lib/measured-worker.ts';
import { rounded } from './lib/percentile.ts';
import { questionText } from './lib/questions.ts';
import { openScene } from './lib/scene.ts';
import type { Scene } from './lib/scene.ts';

/**
 * Whether a worker that has served many rooms is as good as new: `--rooms 1000` (the default) go in
 * and out of one process, 20 at a time, each with a question and its answer. Memory is looked at after
 * each hundred, when the last of them has left.
 */
export const churn: Bench = async (args) => {
  const { values } = parseArgs({
    args: [...args],
    options: { rooms: { type: 'string', default: '1000' } },
  });
  const rooms = Array.from({ length: readCount(values.rooms) }, (_none, at) => `churn-${at}`);
  await using scene = await openScene();
  await using worker = await scene.startWorker({
    MAX_CONCURRENT_ROOMS: String(AT_A_TIME),
    IDLE_TIMEOUT_MS: '0',
    DEPARTURE_GRACE_MS: '0',
  });
  await scene.cast(rooms);
  const looks: Look[] = [];
  for (let served = 0; served < rooms.length; served += HUNDRED) {
    const atATime = pLimit(AT_A_TIME);
    await atATime.map(rooms.slice(served, served + HUNDRED), (room) => visit(scene, room));
    looks.push(await look(worker, Math.min(rooms.length, served + HUNDRED)));
    console.error(`churn: ${JSON.stringify(looks.at(-1))}`);
  }
  return {
    rooms: rooms.length,
    rssAfter100Mb: looks[0]?.rssMb,
    rssEndMb: looks.at(-1)?.rssMb,
    looks,
  };
};

const AT_A_TIME = 20;
const HUNDRED = 100;
const LIMIT_MS = 60_000;

interface Look {
  readonly rooms: number;
  /** Without garbage, which comes and goes by a hundred MB and would hide what stays. */
  readonly rssMb: number;
  readonly heapUsedMb: number;
  /** As it was, garbage included. */
  readonly rssWithGarbageMb: number;
}

/** A visitor comes, a bot is asked for, answers one question, and is left alone. */
async function visit({ activations, visitors, moments }: Scene, room: string): Promise<void> {
  await visitors.enter(room);
  await activations.send(room);
  await moments.when(`listening ${room} 1`, LIMIT_MS);
  await visitors.say(room, questionText(room, 1));
  await moments.when(`answer ${room} 1`, LIMIT_MS);
  await visitors.leave(room);
  await moments.when(`bot-ended ${room}`, LIMIT_MS);
}

async function look(worker: MeasuredWorker, rooms: number): Promise<Look> {
  const untidy = await worker.usage();
  const { rssMb, heapUsedMb } = await worker.usage('tidy');
  return {
    rooms,
    rssMb: rounded(rssMb),
    heapUsedMb: rounded(heapUsedMb),
    rssWithGarbageMb: rounded(untidy.rssMb),
  };
}
