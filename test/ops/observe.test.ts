import { expect, expectTypeOf, it } from 'vitest';
import { TroupeError } from '../../src/errors.ts';
import { observeInto } from '../../src/ops/observe.ts';
import type { Observation } from '../../src/ports/observe.ts';
import { makeRecordingLog } from './recording-log.ts';

/** One of each kind, as it may come. */
const EACH: { readonly [T in Observation['type']]: Extract<Observation, { readonly type: T }> } = {
  'activation-received': { type: 'activation-received', messageId: 'm', receiveCount: 1, ageMs: 5 },
  'activation-settled': { type: 'activation-settled', how: 'deleted', messageId: 'm' },
  'queue-failed': { type: 'queue-failed', doing: 'receive', error: secretError() },
  'receiving-paused': { type: 'receiving-paused', why: 'database' },
  'receiving-resumed': { type: 'receiving-resumed' },
  beaten: { type: 'beaten', leases: 3 },
  'beat-failed': { type: 'beat-failed', error: secretError() },
  'lease-lost': { type: 'lease-lost', why: 'deadline' },
  'bot-started': { type: 'bot-started', arrival: 'fresh', generation: 0 },
  'bot-ended': { type: 'bot-ended', how: 'failed', error: secretError(), running: 0 },
  'handover-sent': { type: 'handover-sent', generation: 1, tookMs: 80 },
  'handover-failed': { type: 'handover-failed', error: secretError() },
  'drain-started': { type: 'drain-started', running: 1 },
  'drain-ended': { type: 'drain-ended', running: 0, forced: false },
  'room-joined': { type: 'room-joined', mode: 'text', arrival: 'fresh', tookMs: 12, people: 1 },
  'room-rejoining': { type: 'room-rejoining', attempt: 1, why: 'link lost' },
  'mode-switched': { type: 'mode-switched', mode: 'voice' },
  'link-lost': { type: 'link-lost' },
  'link-restored': { type: 'link-restored' },
  'chat-refused': { type: 'chat-refused', reason: 'too long' },
  'turn-dropped': { type: 'turn-dropped', turnId: 't', channel: 'chat', reason: 'repeated' },
  'turn-committed': {
    type: 'turn-committed',
    turnId: 't',
    channel: 'speech',
    addressed: true,
    at: 1,
  },
  'reply-held': { type: 'reply-held' },
  'reply-resumed': { type: 'reply-resumed' },
  'reply-cancelled': { type: 'reply-cancelled', reason: 'barge-in' },
  'reply-finished': { type: 'reply-finished', end: 'finished', at: 1, durationMs: 5 },
  'reply-timed': {
    type: 'reply-timed',
    drafted: true,
    endpointMs: 250,
    finalMs: 250,
    llmMs: 200,
    chunkMs: 260,
    ttsMs: 90,
    frameMs: 1,
    ownMs: undefined,
    wholeMs: 551,
    moments: {
      voiced: 1,
      final: 2,
      committed: 3,
      decided: 4,
      audible: 5,
      ended: 6,
    },
  },
  usage: {
    type: 'usage',
    kind: 'llm',
    provider: 'openai',
    model: 'gpt-4.1-mini',
    outcome: 'done',
    promptTokens: 20,
    completionTokens: 5,
    startedAt: 1,
    tookMs: 300,
  },
  'provider-failed': { type: 'provider-failed', provider: 'llm', error: secretError() },
  'provider-paused': { type: 'provider-paused', provider: 'gladia' },
  'provider-restored': { type: 'provider-restored', provider: 'gladia' },
  'provider-fallback': { type: 'provider-fallback', provider: 'llm-2', from: 'llm' },
  'provider-off': { type: 'provider-off', provider: 'gladia', error: secretError() },
  'publish-failed': { type: 'publish-failed', what: 'segment', error: secretError() },
  'context-saved': { type: 'context-saved', version: 1, lagMs: 3 },
  'context-save-failed': { type: 'context-save-failed', error: secretError() },
  'context-compacted': { type: 'context-compacted', removed: 4 },
  'inbox-failed': { type: 'inbox-failed', error: secretError() },
  'recording-ended': { type: 'recording-ended', file: 'talk.jsonl', how: 'complete', events: 7 },
  'recording-failed': { type: 'recording-failed', file: 'talk.jsonl', error: secretError() },
  'session-opened': { type: 'session-opened', tookMs: 12 },
  'session-left-behind': { type: 'session-left-behind', error: secretError() },
  'request-failed': {
    type: 'request-failed',
    route: '/v1/sessions',
    status: 503,
    error: secretError(),
  },
  listening: { type: 'listening', port: 8080 },
  warning: { type: 'warning', what: 'no voice yet' },
  'unexpected-error': { type: 'unexpected-error', error: secretError() },
};

/** An error as bad as they come: the secret in its message, also as if it were a frame, and beside. */
function secretError(): Error {
  const message = 'refused: "my secret is tea"\n    at tea (tea.ts:1:1)\n    at my secret is tea';
  const error = new Error(message, { cause: new Error('tea') });
  return Object.assign(error, { code: 'tea time: 5', headers: { authorization: 'tea' } });
}

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
