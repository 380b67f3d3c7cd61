import { readAttributes } from './attributes.ts';
import { makeAttempts } from './attempts.ts';
import type { Messages } from './attempts.ts';
import type { QueueClock } from './clock.ts';
import type { Engine, Fields } from './engine.ts';
import type { Receipts } from './receipts.ts';
import type { Sent } from './sending.ts';
import type { Waiting } from './waiting.ts';

/** What receiving works with. */
interface Deps {
  readonly engine: Engine;
  readonly clock: QueueClock;
  readonly receipts: Receipts;
  readonly waiting: Waiting;
  readonly sent: ReadonlyMap<string, Sent>;
  /** Called after messages were given out: a receipt may now be the next to lapse. */
  readonly received: () => void;
}

/** Answers one ReceiveMessage; `signal` aborts when its client is gone. */
export type Receive = (request: Fields, signal: AbortSignal) => Promise<Fields>;

/** The receiving half of the strict layer: long polls, receipts, repeated attempts. */
export function makeReceive(deps: Deps): Receive {
  const { engine, clock, receipts, waiting } = deps;
  const attempts = makeAttempts(clock, receipts);

  async function take(request: Fields, visibilityMs: number): Promise<Messages> {
    const answer = await engine.call('ReceiveMessage', {
      ...request,
      WaitTimeSeconds: 0,
      // The strict layer alone ends receipts; the engine's own clock cannot be moved.
      VisibilityTimeout: LONGEST_S,
    });
    const messages = ((answer['Messages'] ?? []) as Messages).map((one) => restore(one, deps.sent));
    for (const message of messages) {
      const handle = String(message['ReceiptHandle']);
      const messageId = String(message['MessageId']);
      receipts.add({ handle, messageId, queueUrl: queueOf(request) }, visibilityMs);
    }
    if (messages.length > 0) deps.received();
    return messages;
  }

  async function poll(request: Fields, signal: AbortSignal, times: Times): Promise<Messages> {
    const endsAt = performance.now() + times.waitMs;
    for (;;) {
      const messages = await take(request, times.visibilityMs);
      const leftMs = endsAt - performance.now();
      if (messages.length > 0 || leftMs <= 0 || signal.aborted) return messages;
      await waiting.untilChanged(queueOf(request), leftMs, signal);
      if (signal.aborted) return [];
    }
  }

  return async (request, signal) => {
    const times = await timesOf(engine, request);
    const attempt = request['ReceiveRequestAttemptId'];
    const key = `${queueOf(request)} ${String(attempt)}`;
    const repeated = attempt === undefined ? undefined : attempts.repeat(key, times.visibilityMs);
    const messages = repeated ?? (await poll(request, signal, times));
    if (attempt !== undefined && messages.length > 0) attempts.keep(key, messages);
    return messages.length > 0 ? { Messages: messages } : {};
  };
}

const LONGEST_S = 43_200;
const TIMES = ['VisibilityTimeout', 'ReceiveMessageWaitTimeSeconds'];

interface Times {
  readonly visibilityMs: number;
  readonly waitMs: number;
}

function queueOf(request: Fields): string {
  return String(request['QueueUrl']);
}

/** The request's times, or the queue's where it names none; out of range is the engine's to refuse. */
async function timesOf(engine: Engine, request: Fields): Promise<Times> {
  const { VisibilityTimeout: visibility, WaitTimeSeconds: wait } = request;
  const inRange = isWithin(visibility, LONGEST_S) && isWithin(wait, 20);
  if (!inRange) await engine.call('ReceiveMessage', request);
  const named = visibility !== undefined && wait !== undefined;
  const queue = named ? {} : await readAttributes(engine, request, TIMES);
  return {
    visibilityMs: Number(visibility ?? queue['VisibilityTimeout']) * 1000,
    waitMs: Number(wait ?? queue['ReceiveMessageWaitTimeSeconds']) * 1000,
  };
}

function isWithin(seconds: unknown, most: number): boolean {
  return seconds === undefined || (Number(seconds) >= 0 && Number(seconds) <= most);
}

/** Puts back what the strict layer withheld from the engine: the sender's id, the moved clock. */
function restore(message: Fields, sent: ReadonlyMap<string, Sent>): Fields {
  const attributes = message['Attributes'] as Fields | undefined;
  const known = sent.get(String(message['MessageId']));
  if (attributes === undefined || known === undefined) return message;
  const restored: Record<string, unknown> = { ...attributes };
  if ('MessageDeduplicationId' in restored) {
    restored['MessageDeduplicationId'] = known.deduplicationId;
  }
  if ('SentTimestamp' in restored) {
    restored['SentTimestamp'] = String(Number(restored['SentTimestamp']) + known.ahead);
  }
  return { ...message, Attributes: restored };
}
