import { beforeAll, describe, vi } from 'vitest';
import { TroupeError } from '../../src/errors.ts';
import type { ErrorKind } from '../../src/errors.ts';
import { makeFakeQueue } from '../support/fake-queue.ts';
import { openHandClock } from '../support/hand-clock.ts';
import { useStack } from '../support/stack.ts';
import { queueReceivingContract } from './queue-receiving.ts';
import { queueSendingContract } from './queue-sending.ts';
import type { QueueWorld } from './queue-world.ts';
import { openRealQueue } from './real-queue.ts';

const contracts = [queueReceivingContract, queueSendingContract];

describe('in SQS', () => {
  const stack = useStack({ parts: ['queue'] });
  beforeAll(() => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', stack().queue.accessKeyId);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', stack().queue.secretAccessKey);
  });
  for (const contract of contracts) contract(() => openRealQueue(stack().queue));
});

describe('in memory', () => {
  for (const contract of contracts) contract(async () => openFakeQueue());
});

function openFakeQueue(): QueueWorld {
  const clock = openHandClock();
  const queue = makeFakeQueue(clock);
  const error = (kind: ErrorKind) =>
    new TroupeError('ordered by a test', { kind, fault: 'fleet', service: 'queue' });
  return {
    queue,
    pass: (ms) => clock.live(ms),
    deadLetters: async () => queue.dead,
    loseNextReceive: () => queue.fail('receive', error('unavailable'), { lost: true }),
    failNextBeat: () => queue.failBeatsOf('group-0', 1),
    failNext(kind) {
      for (const call of ['receive', 'send', 'delete', 'changeVisibility'] as const)
        queue.fail(call, error(kind));
    },
  };
}
