import { parseArgs } from 'node:util';
import pLimit from 'p-limit';
import type { Bench } from './lib/bench.ts';
import { readCount } from './lib/count.ts';
import { turnFigures } from './lib/turn-figures.ts';
import { askInTurn } from './lib/turn-loop.ts';
import { watchUse } from './lib/usage-window.ts';
import { openVoiceScene } from './lib/voice-scene.ts';
import { shortAnswer, takeTurn } from './lib/voice-turns.ts';

/**
 * How long a spoken turn takes, at `--rooms 1 --rooms 5 --rooms 10` (the default) in one worker
 * process, with preemption off and on: each stage, our own share, the whole at the bot's edge, and what
 * a visitor in another process hears, beside a bare echo in a room of its own in the same run.
 * `--turns 24` in each run, at most 3 at the same time.
 */
export const voiceLatency: Bench = async (args) => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rooms: { type: 'string', multiple: true, default: ['1', '5', '10'] },
      turns: { type: 'string', default: '24' },
    },
  });
  const turns = readCount(values.turns);
  const runs = [];
  for (const rooms of values.rooms.map(readCount)) {
    for (const preemption of [false, true]) {
      runs.push({ rooms, preemption, ...(await runOnce(rooms, preemption, turns)) });
      console.error(`voice-latency: ${JSON.stringify(runs.at(-1))}`);
    }
  }
  return { runs };
};

const IN_FLIGHT = 3;
const WARM_UP = 'hello-sam';
const ECHO = 'echo';

async function runOnce(count: number, preemption: boolean, turns: number) {
  const rooms = Array.from({ length: count }, (_none, at) => `voice-${at}`);
  await using scene = await openVoiceScene(shortAnswer);
  await using worker = await scene.startWorker({
    MAX_CONCURRENT_ROOMS: String(count),
    ...(!preemption && { DRAFTS_PER_TURN: '0' }),
  });
  await Promise.all([scene.speakers.enter(ECHO), scene.echoes.echo(ECHO)]);
  // What is loaded and compiled once is no turn's time, nor is a first wait for a listener.
  const atATime = pLimit(IN_FLIGHT);
  await atATime.map(rooms, async (room) => {
    await scene.fill(room);
    await takeTurn(scene, room, WARM_UP);
  });
  const inFlight = Math.min(IN_FLIGHT, count);
  const used = await watchUse(worker, scene);
  const asked = await askInTurn(scene, { rooms, echoRoom: ECHO, turns, inFlight });
  return { ...turnFigures(asked), ...(await used()) };
}
