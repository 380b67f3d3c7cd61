import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { setTimeout as sleep } from 'node:timers/promises';
import { openMixedScene } from '../lib/mixed-scene.ts';
import type { CaseResult } from './case-result.ts';
import { roomsOf, talkInAll } from './talks.ts';

const SLOTS = 4;
const TIMES = 3;

/** Three times as many activations at once as there are places: the others wait in the queue. */
export async function tooManyRooms(): Promise<CaseResult> {
  await using scene = await openMixedScene();
  let [running, mostAtOnce] = [0, 0];
  await using worker = await scene.startWorker(
    { MAX_CONCURRENT_ROOMS: String(SLOTS) },
    ({ event }) => {
      if (event === 'bot-started') running += 1;
      if (event === 'bot-ended') running -= 1;
      mostAtOnce = Math.max(mostAtOnce, running);
    },
  );
  const over = new AbortController();
  const waiting = watchQueue(scene.stack.env, over.signal);
  const { waitP50Ms, waitMaxMs, ...talked } = await talkInAll(scene, {
    rooms: roomsOf('many', 'text', SLOTS * TIMES),
    botLimitMs: 120_000,
    talkMs: 8_000,
    answerLimitMs: 20_000,
  });
  over.abort();
  worker.signal('SIGTERM');
  return {
    case: `${TIMES} times more activations than places`,
    ...talked,
    workerEnded: await worker.exited,
    figures: {
      places: SLOTS,
      mostAtOnce,
      mostWaitingInQueue: await waiting,
      waitP50Ms,
      waitMaxMs,
      workersWarned: scene.troubles.counts(),
    },
  };
}

/** The most messages that waited to be received: what the autoscaler goes by. */
async function watchQueue(
  env: Readonly<Record<string, string>>,
  over: AbortSignal,
): Promise<number> {
  const client = new SQSClient({
    region: env['AWS_REGION'] ?? '',
    endpoint: env['SQS_ENDPOINT'] ?? '',
    credentials: {
      accessKeyId: env['AWS_ACCESS_KEY_ID'] ?? '',
      secretAccessKey: env['AWS_SECRET_ACCESS_KEY'] ?? '',
    },
  });
  const ask = new GetQueueAttributesCommand({
    QueueUrl: env['SQS_QUEUE_URL'],
    AttributeNames: ['ApproximateNumberOfMessages'],
  });
  let most = 0;
  while (!over.aborted) {
    const { Attributes } = await client.send(ask);
    most = Math.max(most, Number(Attributes?.ApproximateNumberOfMessages ?? 0));
    await sleep(250);
  }
  client.destroy();
  return most;
}
