import { TroupeError } from '../../src/errors.ts';
import type { Clock } from '../../src/lib/clock.ts';
import type { Delivery, Queue, ReceiveRequest, VisibilityResult } from '../../src/ports/queue.ts';
import { makeQueueFaults } from './fake-queue-faults.ts';
import type { FakeQueueFaults } from './fake-queue-faults.ts';

/** A FIFO queue in memory; it passes the contract suite that the real one passes. */
export interface FakeQueue extends Queue, FakeQueueFaults {
  /** What was put into the dead-letter queue. */
  readonly dead: readonly { readonly body: string; readonly reason: string }[];
  /** What the queue holds, oldest first. */
  held(): readonly HeldMessage[];
}

/** A message as somebody sees it who looks into the queue. */
export interface HeldMessage {
  readonly messageId: string;
  readonly body: string;
  readonly groupId: string;
  readonly inFlight: boolean;
  readonly receiveCount: number;
}

interface Message {
  readonly messageId: string;
  readonly body: string;
  readonly groupId: string;
  readonly sentAt: number;
  receiveCount: number;
  receipt: Receipt | undefined;
}

interface Receipt {
  readonly handle: string;
  readonly receivedAt: number;
  visibleAt: number;
  changed: boolean;
}

const WINDOW_MS = 5 * 60_000;
const LONGEST_MS = 12 * 3_600_000;

/** Makes an empty queue, with a dead-letter queue unless there is to be none. */
export function makeFakeQueue(
  clock: Pick<Clock, 'monotonicMs' | 'after'>,
  options: { readonly deadLetters?: boolean } = {},
): FakeQueue {
  const messages = new Set<Message>();
  const deleted = new Set<string>();
  const repeated = makeWindow<string>(clock);
  const attempts = makeWindow<Message>(clock);
  const faults = makeQueueFaults();
  const polls = new Set<() => void>();
  const dead: { body: string; reason: string }[] = [];
  let ids = 0;

  const now = (): number => clock.monotonicMs();
  const tell = (): void => [...polls].forEach((look) => look());
  const inFlight = ({ receipt }: Message): boolean => (receipt?.visibleAt ?? 0) > now();
  const holder = (handle: string): Message | undefined =>
    [...messages].find((message) => message.receipt?.handle === handle && inFlight(message));

  function hide(message: Message, receipt: Receipt, visibilityMs: number): void {
    message.receipt = receipt;
    receipt.visibleAt = now() + visibilityMs;
    clock.after(visibilityMs, tell);
  }

  function take({ visibilityMs, attemptId }: ReceiveRequest): Delivery | undefined {
    const before = attempts.get(attemptId);
    if (before?.receipt?.changed === false && inFlight(before) && messages.has(before)) {
      hide(before, before.receipt, visibilityMs);
      return readDelivery(before);
    }
    const blocked = new Set([...messages].filter(inFlight).map(({ groupId }) => groupId));
    const message = [...messages].find(({ groupId }) => !blocked.has(groupId));
    if (message === undefined) return undefined;
    const receipt = { handle: `receipt-${++ids}`, receivedAt: now(), visibleAt: 0, changed: false };
    message.receiveCount += 1;
    hide(message, receipt, visibilityMs);
    attempts.set(attemptId, message);
    return readDelivery(message);
  }

  function changeOne(handle: string, visibilityMs: number): VisibilityResult {
    const message = holder(handle);
    if (message?.receipt === undefined) return 'expired';
    if (faults.hitsBeat(message.groupId)) return 'failed';
    if (now() + visibilityMs - message.receipt.receivedAt > LONGEST_MS) return 'expired';
    message.receipt.changed = true;
    hide(message, message.receipt, visibilityMs);
    if (visibilityMs === 0) tell();
    return 'changed';
  }

  function untilTold(waitMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const go = (): void => {
        polls.delete(go);
        timer[Symbol.dispose]();
        signal.removeEventListener('abort', go);
        resolve();
      };
      const timer = clock.after(waitMs, go);
      polls.add(go);
      signal.addEventListener('abort', go);
    });
  }

  return {
    dead,
    fail: faults.fail,
    failBeatsOf: faults.failBeatsOf,
    heal: faults.heal,
    held: () =>
      [...messages].map((message) => {
        const { messageId, body, groupId, receiveCount } = message;
        return { messageId, body, groupId, receiveCount, inFlight: inFlight(message) };
      }),
    async receive(request, signal) {
      let done = await faults.begin('receive', signal);
      const endsAt = now() + request.waitMs;
      let delivery = take(request);
      while (delivery === undefined && now() < endsAt) {
        await untilTold(endsAt - now(), signal);
        done = await faults.begin('receive', signal);
        delivery = take(request);
      }
      done();
      return delivery;
    },
    async changeVisibility(changes, signal) {
      if (changes.length === 0) return [];
      const done = await faults.begin('changeVisibility', signal);
      const results = changes.map((one) => changeOne(one.receiptHandle, one.visibilityMs));
      done();
      return results;
    },
    async delete(receiptHandle, signal) {
      const done = await faults.begin('delete', signal);
      const message = holder(receiptHandle);
      if (message !== undefined) {
        messages.delete(message);
        deleted.add(receiptHandle);
        tell();
      }
      done();
      return deleted.has(receiptHandle) ? 'deleted' : 'expired';
    },
    async send({ body, groupId, deduplicationId }, signal) {
      const done = await faults.begin('send', signal);
      if (!/^[!-~]{1,128}$/.test(groupId)) throw rejected('no group id');
      if (!/^[!-~]{1,128}$/.test(deduplicationId)) throw rejected('no deduplication id');
      if (Buffer.byteLength(body) > 256 * 1024) throw rejected('too long');
      const messageId = repeated.get(deduplicationId) ?? `message-${++ids}`;
      if (repeated.get(deduplicationId) === undefined) {
        repeated.set(deduplicationId, messageId);
        messages.add({
          messageId,
          body,
          groupId,
          sentAt: now(),
          receiveCount: 0,
          receipt: undefined,
        });
        tell();
      }
      done();
      return messageId;
    },
    async deadLetter({ body, messageId }, reason, signal) {
      const done = await faults.begin('deadLetter', signal);
      if (options.deadLetters === false) return false;
      const id = `dead ${messageId}`;
      if (repeated.get(id) === undefined) dead.push({ body, reason: reason.slice(0, 256) });
      repeated.set(id, messageId);
      done();
      return true;
    },
  };
}

function readDelivery(message: Message): Delivery {
  const { messageId, body, groupId, sentAt, receiveCount, receipt } = message;
  return { messageId, receiptHandle: receipt?.handle ?? '', body, groupId, sentAt, receiveCount };
}

/** What is remembered for five minutes after it was first told. */
function makeWindow<T>(clock: Pick<Clock, 'monotonicMs'>) {
  const kept = new Map<string, { readonly value: T; readonly endsAt: number }>();
  const get = (key: string): T | undefined => {
    const one = kept.get(key);
    return one !== undefined && one.endsAt > clock.monotonicMs() ? one.value : undefined;
  };
  return {
    get,
    set(key: string, value: T): void {
      if (get(key) === undefined) kept.set(key, { value, endsAt: clock.monotonicMs() + WINDOW_MS });
    },
  };
}

function rejected(why: string): TroupeError {
  return new TroupeError(why, { kind: 'rejected', fault: 'fleet', service: 'queue' });
}
