import { runBatch } from './batch.ts';
import type { QueueClock } from './clock.ts';
import type { Engine, Fields } from './engine.ts';
import { makeReceipts } from './receipts.ts';
import type { Receipt } from './receipts.ts';
import { makeReceive } from './receiving.ts';
import { SqsRefusal } from './refusal.ts';
import { makeSending } from './sending.ts';
import { makeWaiting } from './waiting.ts';

/** SQS as strict as AWS; disposing it ends its timers. */
export interface StrictQueue extends Disposable {
  /** Answers an action; `signal` aborts when its client is gone. @throws SqsRefusal */
  act(action: string, request: Fields, signal: AbortSignal): Promise<Fields>;
  /** Looks at the clock again, after it was moved. */
  settle(): Promise<void>;
}

/** Its clock may be moved meanwhile: it is looked at so often at least. */
const LONGEST_REST_MS = 60_000;

/**
 * A layer over an engine that is lenient where AWS is not. The engine keeps the messages; time is
 * the layer's alone: receipts, their 12 hours, deduplication windows and repeated attempts run by
 * `clock`, and a receipt that lapses here is given back there.
 */
export function makeStrictQueue(engine: Engine, clock: QueueClock): StrictQueue {
  const receipts = makeReceipts(clock);
  const waiting = makeWaiting();
  const sending = makeSending(engine, clock);
  let timer: NodeJS.Timeout | undefined;

  async function settle(): Promise<void> {
    clearTimeout(timer);
    for (const receipt of receipts.lapse()) await giveBack(receipt);
    const at = receipts.nextLapseAt();
    if (at === undefined) return;
    const dueInMs = Math.max(0, at - clock.now());
    timer = setTimeout(settleLater, Math.min(dueInMs, LONGEST_REST_MS));
  }
  const settleLater = (): void => void settle();

  async function giveBack({ handle, queueUrl }: Receipt): Promise<void> {
    const release = { QueueUrl: queueUrl, ReceiptHandle: handle, VisibilityTimeout: 0 };
    await engine.call('ChangeMessageVisibility', release).catch(unlessPurged);
    waiting.changed(queueUrl);
  }

  async function send(message: Fields): Promise<Fields> {
    const answer = await sending.send(message);
    waiting.changed(String(message['QueueUrl']));
    return answer;
  }

  async function remove(request: Fields): Promise<Fields> {
    if (typeof request['ReceiptHandle'] !== 'string') return engine.call('DeleteMessage', request);
    const receipt = receipts.takeForDeletion(request['ReceiptHandle']);
    if (receipt === undefined) return {};
    await engine.call('DeleteMessage', request);
    sending.forget(receipt.messageId);
    waiting.changed(receipt.queueUrl);
    return {};
  }

  async function change(request: Fields): Promise<Fields> {
    const { ReceiptHandle: handle, VisibilityTimeout: seconds } = request;
    const wellFormed =
      typeof handle === 'string' &&
      typeof seconds === 'number' &&
      seconds >= 0 &&
      seconds <= 43_200;
    if (!wellFormed) return engine.call('ChangeMessageVisibility', request);
    const receipt = receipts.change(handle, seconds * 1000);
    if (seconds === 0) await giveBack(receipt);
    await settle();
    return {};
  }

  const actions: Readonly<
    Record<string, (request: Fields, signal: AbortSignal) => Promise<Fields>>
  > = {
    SendMessage: send,
    SendMessageBatch: (request) => runBatch(request, send),
    ReceiveMessage: makeReceive({
      engine,
      clock,
      receipts,
      waiting,
      sent: sending.sent,
      received: settleLater,
    }),
    DeleteMessage: remove,
    DeleteMessageBatch: (request) => runBatch(request, remove),
    ChangeMessageVisibility: change,
    ChangeMessageVisibilityBatch: (request) => runBatch(request, change),
  };

  return {
    async act(action, request, signal) {
      await settle();
      const run = actions[action];
      return run === undefined ? await engine.call(action, request) : await run(request, signal);
    },
    settle,
    [Symbol.dispose]: () => clearTimeout(timer),
  };
}

/** A purged queue has nothing left to give back. */
function unlessPurged(error: unknown): void {
  if (!(error instanceof SqsRefusal)) throw error;
}
