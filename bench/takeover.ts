import { parseArgs } from 'node:util';
import type { Bench } from './lib/bench.ts';
import { readCount } from './lib/count.ts';
import type { MeasuredWorker } from './lib/measured-worker.ts';
import { percentile, rounded } from './lib/percentile.ts';
import { openScene } from './lib/scene.ts';
import type { Scene } from './lib/scene.ts';
import { runTrial } from './lib/takeover-trial.ts';
import type { HowItGoes, RoomTrial } from './lib/takeover-trial.ts';

/**
 * How long a room is without its bot when a worker is killed, or drains: `--trials 20` of each (the
 * default), in each of which one worker goes and takes `ROOMS_AT_ONCE` rooms with it.
 */
export const takeover: Bench = async (args) => {
  const { values } = parseArgs({
    args: [...args],
    options: { trials: { type: 'string', default: '20' } },
  });
  const trials = readCount(values.trials);
  await using scene = await openScene();
  const kill = await runTrials(scene, 'kill', trials);
  const handover = await runTrials(scene, 'handover', trials);
  const linesUnheard = handover.filter(({ unheard }) => unheard).length;
  return {
    kill: { trials, ...summarize(kill) },
    handover: { trials, ...summarize(handover), linesUnheard },
  };
};

const ROOMS_AT_ONCE = 2;
const VISIBILITY_MS = 10_000;

async function runTrials(
  scene: Scene,
  how: HowItGoes,
  trials: number,
): Promise<readonly RoomTrial[]> {
  await using workers = new AsyncDisposableStack();
  const start = async (): Promise<MeasuredWorker> =>
    workers.use(
      await scene.startWorker({
        VISIBILITY_TIMEOUT_S: String(VISIBILITY_MS / 1_000),
        IDLE_TIMEOUT_MS: '0',
        DEPARTURE_GRACE_MS: '0',
      }),
    );
  const results: RoomTrial[] = [];
  let holder = await start();
  for (let trial = 0; trial < trials; trial += 1) {
    const rooms = Array.from({ length: ROOMS_AT_ONCE }, (_none, at) => `${how}-${trial}-${at}`);
    const done = await runTrial(scene, how, rooms, { holder, startOther: start });
    holder = done.survivor;
    results.push(...done.rooms);
    console.error(`takeover: ${how} ${trial + 1} of ${trials}: ${JSON.stringify(done.rooms)}`);
  }
  return results;
}

function summarize(results: readonly RoomTrial[]) {
  const gaps = results.map(({ gapMs }) => gapMs);
  return {
    roomsAtOnce: ROOMS_AT_ONCE,
    visibilityMs: VISIBILITY_MS,
    gapP50Ms: rounded(percentile(gaps, 0.5)),
    gapP95Ms: rounded(percentile(gaps, 0.95)),
    gapMaxMs: rounded(Math.max(...gaps)),
    committedTurnsLost: results.reduce((sum, { lost }) => sum + lost, 0),
  };
}
