import { expect, expectTypeOf, it } from 'vitest';
import { TroupeError } from '../../src/errors.ts';
import { observeInto } from '../../src/ops/observe.ts';
import { traceOfTurn } from '../../src/ops/trace-ids.ts';
import type { Observation } from '../../src/ports/observe.ts';
import { EACH } from './each-observation.ts';
import { makeRecordingLog } from './recording-log.ts';

function linesOf(observation: Observation): unknown[][] {
  const { log, lines } = makeRecordingLog();
  observeInto(log)(observation);
  return lines;
}

it('writes one leveled line with a constant message and the ids of the talk', () => {
  const about = { room: 'r', session: 's', epoch: 2 };
  expect(linesOf({ type: 'mode-switched', ...about, mode: 'voice' })).toEqual([
    [
      'info',
      { event: 'mode-switched', ...about, mode: 'voice' },
      'the talk goes on in another mode',
    ],
  ]);
});

it('names the trace of a turn, so that lines and spans are found by each other', () => {
  const about = { room: 'r', session: 'talk', turnId: 'ann/1' };
  const [line] = linesOf({ type: 'turn-dropped', ...about, channel: 'chat', reason: 'echo' });
  expect(line?.[1]).toMatchObject({ ...about, traceId: traceOfTurn('talk', 'ann/1') });
  const [other] = linesOf({ type: 'mode-switched', room: 'r', session: 'talk', mode: 'text' });
  expect(other?.[1]).not.toHaveProperty('traceId');
});

it.each(Object.values(EACH))(
  'has a line for $type, without a word that was said',
  (observation) => {
    const lines = linesOf({ ...observation, room: 'r', session: 's' });
    expect(lines).toEqual([
      [
        expect.stringMatching(/^(?:debug|info|warn|error)$/),
        expect.objectContaining({ event: observation.type, room: 'r', session: 's' }),
        expect.stringMatching(/^[a-z ]+$/),
      ],
    ]);
    expect(JSON.stringify(lines)).not.toContain('tea');
  },
);

it('gives each kind a message of its own', () => {
  const messages = Object.values(EACH).map((observation) => linesOf(observation)[0]?.[2]);
  expect(new Set(messages).size).toBe(messages.length);
});

it('no kind has a field for what people say or for a key', () => {
  type FieldsOf<T> = T extends unknown ? keyof T : never;
  type Spoken = 'text' | 'transcript' | 'prompt' | 'content' | 'messages' | 'heard' | 'token';
  expectTypeOf<Extract<FieldsOf<Observation>, Spoken>>().toBeNever();
});

it('says of our own errors what was wrong and whose fault it is', () => {
  const error = new TroupeError('the queue refused the key', {
    kind: 'auth',
    fault: 'fleet',
    service: 'queue',
    cause: new Error('AKIA-SECRET'),
  });
  expect(linesOf({ type: 'queue-failed', doing: 'receive', error })[0]?.[1]).toEqual({
    event: 'queue-failed',
    doing: 'receive',
    error: {
      kind: 'auth',
      fault: 'fleet',
      service: 'queue',
      message: 'the queue refused the key',
      retryable: false,
    },
  });
});

it('says of a foreign error where it came from', () => {
  const error = Object.assign(new RangeError('tea'), { code: 'ERR_OUT_OF_RANGE' });
  const [line] = linesOf({ type: 'unexpected-error', error });
  expect(line?.[1]).toMatchObject({
    error: { name: 'RangeError', code: 'ERR_OUT_OF_RANGE', stack: expect.any(String) },
  });
  expect(JSON.stringify(line)).toContain('observe.test.ts');
  expect(JSON.stringify(line)).not.toContain('tea');
});

it('keeps what was said out of a stack, though the message changed since', () => {
  const error = new Error('tea');
  // Whoever reads a stack fixes it.
  expect(error.stack).toContain('tea');
  error.message = 'something about coffee';
  const lines = JSON.stringify(linesOf({ type: 'unexpected-error', error }));
  expect(lines).toContain('observe.test.ts');
  expect(lines).not.toMatch(/tea"|: tea|coffee/);
});

it.each([['tea'], [undefined], [null], [{ message: 'tea' }], [7]])(
  'says of what is no error only what it is: %j',
  (error) => {
    const [line] = linesOf({ type: 'unexpected-error', error });
    expect(line?.[1]).toEqual({ event: 'unexpected-error', error: { name: typeof error } });
  },
);
