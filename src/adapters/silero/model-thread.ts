import { Worker } from 'node:worker_threads';
import { TroupeError } from '../../errors.ts';
import type { Clock } from '../../lib/clock.ts';
import { withDeadline } from '../../lib/deadline.ts';
import type { Answer, Question } from './messages.ts';

/** The thread in which the model runs. */
export interface ModelThread extends AsyncDisposable {
  /** Hands over the samples' memory with them. */
  ask(question: Question): void;
}

interface ModelThreadDeps {
  readonly clock: Clock;
  readonly judged: (probabilities: Float32Array) => void;
  /** The thread is gone, by no wish of ours; called once. */
  readonly failed: (error: TroupeError) => void;
}

/**
 * Starts the model's thread. It keeps no process alive.
 * @throws TroupeError of service `vad` when the model does not load; the signal's reason.
 */
export async function openModelThread(
  { clock, judged, failed }: ModelThreadDeps,
  signal: AbortSignal,
): Promise<ModelThread> {
  signal.throwIfAborted();
  // Keys, flags and preloads are not for it; the name shows in `top -H` and the benchmark.
  const file = new URL('./worker.ts', import.meta.url);
  const worker = new Worker(file, { name: 'silero-vad', execArgv: [], env: {} });
  const loaded = Promise.withResolvers<void>();
  let isOver = false;
  let isAbandoned = false;
  const end = (cause: unknown): void => {
    if (isOver) return;
    isOver = true;
    const error = failure('the thread of voice activity detection has died', cause);
    loaded.reject(error);
    if (!isAbandoned) failed(error);
  };
  worker.on('message', (answer: Answer) => {
    if (isOver) return;
    if (answer.type === 'loaded') loaded.resolve();
    else judged(answer.probabilities);
  });
  worker.on('error', end);
  worker.on('exit', (code) => end(new Error(`the thread ended with code ${code}`)));

  const stop = async (): Promise<void> => {
    isOver = true;
    // It ends between two inferences; if one never ends, the process has to go with it.
    await withDeadline(clock, STOP_LIMIT_MS, () => worker.terminate()).catch(() => undefined);
  };
  try {
    await withDeadline(clock, LOAD_LIMIT_MS, () => loaded.promise, signal);
  } catch (error) {
    isAbandoned = true;
    worker.unref();
    // Ended while it loads, onnxruntime-node throws into the dying thread and ends the whole process.
    void loaded.promise.then(stop, () => undefined);
    signal.throwIfAborted();
    throw failure('the model of voice activity detection does not load', error);
  }
  worker.unref();
  return {
    ask(question) {
      worker.postMessage(question, question.type === 'judge' ? [question.samples.buffer] : []);
    },
    [Symbol.asyncDispose]: stop,
  };
}

const LOAD_LIMIT_MS = 20_000;
const STOP_LIMIT_MS = 1_000;

function failure(message: string, cause: unknown): TroupeError {
  return new TroupeError(message, { kind: 'unavailable', fault: 'fleet', service: 'vad', cause });
}
