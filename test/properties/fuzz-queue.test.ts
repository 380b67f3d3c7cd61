import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { readAttributes } from '../../src/adapters/sqs/attributes.ts';
import { readDelivery } from '../../src/adapters/sqs/delivery.ts';
import { isTroupeError } from '../../src/errors.ts';
import { hostileText, mutated } from './hostile.ts';

it('a delivery is one, or a malformed answer of the queue', () => {
  const attributes = { MessageGroupId: 'g', ApproximateReceiveCount: '1', SentTimestamp: '2' };
  const message = { MessageId: 'm', ReceiptHandle: 'r', Body: '{}', Attributes: attributes };
  fc.assert(
    fc.property(mutated(message), (sent) => {
      try {
        const { receiveCount, sentAt } = readDelivery(sent as typeof message);
        expect([receiveCount, sentAt].every(Number.isSafeInteger)).toBe(true);
      } catch (error) {
        expect(isTroupeError(error, 'malformed')).toBe(true);
      }
    }),
    { numRuns: 600 },
  );
});

it('a redrive policy is one, or a malformed answer of the queue', async () => {
  const policy = { deadLetterTargetArn: 'arn:aws:sqs:r:1:dead.fifo', maxReceiveCount: '100' };
  const answers = fc.oneof(
    mutated(policy).map((one) => JSON.stringify(one)),
    hostileText,
  );
  await fc.assert(
    fc.asyncProperty(answers, async (RedrivePolicy) => {
      const client = { send: () => Promise.resolve({ Attributes: { RedrivePolicy } }) };
      const { signal } = new AbortController();
      try {
        const read = await readAttributes(client as never, 'http://queue', signal);
        if (typeof read === 'string') throw new Error(read);
        expect(['string', 'undefined']).toContain(typeof read.redrive?.targetArn);
        expect(Number.isFinite(read.redrive?.maxReceives ?? 0)).toBe(true);
      } catch (error) {
        expect(isTroupeError(error, 'malformed')).toBe(true);
      }
    }),
    { numRuns: 150 },
  );
});
