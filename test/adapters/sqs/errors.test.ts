import { describe, expect, it } from 'vitest';
import { readDelivery } from '../../../src/adapters/sqs/delivery.ts';
import { isExpiredReceipt, toQueueError } from '../../../src/adapters/sqs/errors.ts';

describe('an error of the SDK', () => {
  it.each([
    ['CredentialsProviderError', undefined, 'auth'],
    ['AccessDeniedException', 400, 'auth'],
    ['ExpiredTokenException', 400, 'auth'],
    ['Something', 403, 'auth'],
    ['OverLimit', 400, 'quota'],
    ['ThrottlingException', 400, 'quota'],
    ['TimeoutError', undefined, 'timeout'],
    ['DeadlineExceeded', undefined, 'timeout'],
    ['Error', undefined, 'unavailable'],
    ['InternalFailure', 500, 'unavailable'],
    ['QueueDoesNotExist', 400, 'rejected'],
  ])('%s with status %s is %s', (name, httpStatusCode, kind) => {
    const error = Object.assign(new Error('words of AWS'), { name, $metadata: { httpStatusCode } });
    const told = toQueueError(error);
    expect(told).toMatchObject({ kind, fault: 'fleet', service: 'queue', cause: error });
    expect(told.message).not.toContain('words of AWS');
  });

  it('may be no error at all', () => {
    expect(toQueueError('cut')).toMatchObject({ kind: 'unavailable' });
  });

  it.each([
    ['ReceiptHandleIsInvalid', '', true],
    ['AWS.SimpleQueueService.MessageNotInflight', '', true],
    ['InvalidParameterValue', 'Reason: The receipt handle has expired.', true],
    [
      'InvalidParameterValueException',
      'Total VisibilityTimeout for the message is beyond the limit',
      true,
    ],
    ['InvalidParameterValue', 'The specified queue is odd', false],
    ['RequestThrottled', 'The receipt handle', false],
  ])('%s (%s) says that the receipt is worthless: %s', (name, message, worthless) => {
    expect(isExpiredReceipt({ name, message })).toBe(worthless);
  });
});

describe('a message of the SDK', () => {
  it.each(['MessageId', 'ReceiptHandle', 'Attributes'])('without %s is no delivery', (lacking) => {
    const whole = { MessageId: 'm', ReceiptHandle: 'r', Attributes: { MessageGroupId: 'g' } };
    expect(readDelivery(whole)).toMatchObject({ messageId: 'm', groupId: 'g', body: '' });
    const { [lacking as keyof typeof whole]: _left, ...rest } = whole;
    expect(() => readDelivery(rest)).toThrow('is it FIFO?');
  });
});
