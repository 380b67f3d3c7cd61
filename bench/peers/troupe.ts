import { castMira } from '../../dev/cast.ts';
import { openActivations } from '../lib/activations.ts';
import { startMeasuredWorker } from '../lib/measured-worker.ts';
import { openMoments } from '../lib/moments.ts';
import { BOT_LIMIT_MS } from './contender.ts';
import type { StartContender } from './contender.ts';

/** Ourselves: one worker for all rooms, asked by the queue. */
export const startTroupe: StartContender = async (stack, mode) => {
  await using opening = new AsyncDisposableStack();
  const moments = openMoments();
  const activations = opening.use(openActivations(stack.env));
  const env = { ...stack.env, ...SETTINGS, AUDIO_ENABLED: String(mode === 'voice') };
  const worker = opening.use(
    await startMeasuredWorker(env, ({ event, at, line }) => {
      if (typeof line['room'] === 'string') moments.tell(`${event} ${line['room']}`, at);
    }),
  );
  const opened = opening.move();
  return {
    async bring(room) {
      await castMira(stack.database, room);
      await activations.send(room);
      await moments.when(`room-joined ${room}`, BOT_LIMIT_MS);
    },
    async gone(room) {
      await moments.when(`bot-ended ${room}`, BOT_LIMIT_MS);
    },
    async tidy() {
      await worker.usage('tidy');
    },
    pids: () => [worker.pid],
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
};

const SETTINGS = {
  MAX_CONCURRENT_ROOMS: '200',
  IDLE_TIMEOUT_MS: '0',
  DEPARTURE_GRACE_MS: '0',
};
