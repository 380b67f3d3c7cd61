import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pLimit from 'p-limit';
import type { Bench } from './lib/bench.ts';
import { readCount } from './lib/count.ts';
import { findKnee, isBroken } from './lib/knee.ts';
import type { DensityStep } from './lib/knee.ts';
import type { MeasuredWorker } from './lib/measured-worker.ts';
import { rounded } from './lib/percentile.ts';
import { turnFigures } from './lib/turn-figures.ts';
import { askInTurn } from './lib/turn-loop.ts';
import { watchUse } from './lib/usage-window.ts';
import { openVoiceScene } from './lib/voice-scene.ts';
import type { VoiceScene } from './lib/voice-scene.ts';
import { shortAnswer, takeTurn } from './lib/voice-turns.ts';

/**
 * What a voice room costs in one worker process, and how many it holds on this machine, which the
 * visitors, LiveKit and the providers share: `--step 4` rooms more and more, `--most 40`. At each step
 * nobody talks for a while, with the noise of a room in every microphone; then 3 rooms at a time do.
 * It goes on until the bots break; the knee is the last step before anything gave way.
 */
export const voiceDensity: Bench = async (args) => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      step: { type: 'string', default: '4' },
      most: { type: 'string', default: '40' },
    },
  });
  const [by, most] = [readCount(values.step), readCount(values.most)];
  await using scene = await openVoiceScene(shortAnswer);
  await using worker = await scene.startWorker({
    MAX_CONCURRENT_ROOMS: String(most + 1),
    DRAFTS_PER_TURN: '0',
  });
  await Promise.all([scene.speakers.enter(ECHO), scene.echoes.echo(ECHO)]);
  await warmUp(scene);
  const { pssMb: emptyMb } = await worker.usage('tidy');
  const rooms: string[] = [];
  const steps: DensityStep[] = [];
  while (rooms.length + by <= most && !steps.some(isBroken)) {
    const more = Array.from({ length: by }, (_none, at) => `density-${rooms.length + at}`);
    rooms.push(...more);
    await fillAll(scene, more);
    steps.push(await takeStep(scene, worker, rooms, emptyMb));
    console.error(`voice-density: ${JSON.stringify(steps.at(-1))}`);
  }
  const { step, ...knee } = findKnee(steps);
  const [mbPerRoom, corePerRoom] = [step?.mbPerRoom, step?.corePerRoom];
  return { mbPerRoom, corePerRoom, ...knee, emptyWorkerMb: rounded(emptyMb), steps };
};

const ECHO = 'echo';
const IN_FLIGHT = 3;
const TURNS = 12;
const WARM_UP = 'warm-up';
/** The model comes to rest over a microphone's noise after some 5 s, V8 behind what is new after 8. */
const SETTLE_MS = 10_000;
const QUIET_MS = 10_000;

/** A whole talk: what is loaded and compiled once is no room's cost. */
async function warmUp(scene: VoiceScene): Promise<void> {
  await scene.fill(WARM_UP);
  await takeTurn(scene, WARM_UP, 'hello-sam');
  await scene.empty(WARM_UP);
}

async function fillAll(scene: VoiceScene, rooms: readonly string[]): Promise<void> {
  const atATime = pLimit(IN_FLIGHT);
  await atATime.map(rooms, (room) => scene.fill(room));
  await sleep(SETTLE_MS);
}

async function takeStep(
  scene: VoiceScene,
  worker: MeasuredWorker,
  rooms: readonly string[],
  emptyMb: number,
): Promise<DensityStep> {
  const usedInQuiet = await watchUse(worker, scene);
  await sleep(QUIET_MS);
  const quiet = await usedInQuiet();
  const { pssMb } = await worker.usage();
  const used = await watchUse(worker, scene);
  const asked = await askInTurn(scene, {
    rooms,
    echoRoom: ECHO,
    turns: TURNS,
    inFlight: IN_FLIGHT,
  });
  return {
    rooms: rooms.length,
    mbPerRoom: rounded((pssMb - emptyMb) / rooms.length, 2),
    corePerRoom: rounded(quiet.workerCore / rooms.length, 4),
    quietLoopUse: quiet.workerLoopUse,
    quietMachineUse: quiet.machineUse,
    ...turnFigures(asked),
    ...(await used()),
  };
}
